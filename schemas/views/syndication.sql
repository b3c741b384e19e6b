-- Who republished whom.
SELECT copy.source_id, copy.title, publisher.actor_name AS publisher, copy.published_edtf,
  original.source_id AS original_source_id, original.title AS original_title,
  first_publisher.actor_name AS original_publisher, original.published_edtf AS original_published_edtf
FROM sources AS copy
JOIN sources AS original ON original.source_id = copy.republished_from
JOIN actors AS publisher ON publisher.actor_id = copy.publisher_id
JOIN actors AS first_publisher ON first_publisher.actor_id = original.publisher_id
