"""The words of which generated texts are made."""

from __future__ import annotations

# A name is a number in these syllables; each stands for one in every script, so that names differ where numbers do.
LATIN = ["ta", "ve", "ro", "li", "mo", "sa", "ne", "du", "ka", "zi", "po", "ra", "le", "gu", "ti", "no", "be", "fa", "mi", "su", "do", "ke", "va", "lo", "ri", "pe", "bu", "na", "so", "gi", "me", "tu"]
CYRILLIC = ["та", "ве", "ро", "ли", "мо", "са", "не", "ду", "ка", "зи", "по", "ра", "ле", "гу", "ти", "но", "бе", "фа", "ми", "су", "до", "ке", "ва", "ло", "ри", "пе", "бу", "на", "со", "ги", "ме", "ту"]
HANGUL = list("타베로리모사네두카지포라레구티노비파미수도케바루니페부나소기메투")
ARABIC = ["تا", "في", "رو", "لي", "مو", "سا", "ني", "دو", "كا", "زي", "بو", "را", "لو", "غو", "تي", "نو", "بي", "فا", "مي", "سو", "دا", "كي", "فو", "لا", "ري", "با", "بر", "نا", "سي", "جي", "ما", "تو"]
CHINESE = list("塔韦罗利莫萨内杜卡齐波拉莱古蒂诺贝法米苏多凯瓦洛里佩布纳索吉梅图")

FIRST = ["Ada", "Boris", "Carla", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Irina", "Jonas", "Kira", "Lars", "Mina", "Nadia", "Omar", "Petra", "Rana", "Stefan", "Tara", "Ugo", "Vera", "Willem", "Yara", "Zoran", "André", "José", "Jörg", "Zoë"]
ENDINGS = ["ov", "en", "ez", "ak", "son", "berg", "ini", "ard", "osk", "eux", "ell", "and", "ich", "ost", "um", "ev", "il", "or", "ash", "ins", "ult", "ur", "yk"]

DOERS = ["officials", "envoys", "ministers", "commanders", "negotiators", "inspectors", "delegates", "engineers", "lawmakers", "mediators", "diplomats", "advisers"]
VERBS = ["visit", "meet", "sign", "deliver", "withdraw", "inspect", "reopen", "finance", "suspend", "approve", "delay", "announce"]
THINGS = [
    "the grain corridor", "the rail bridge", "a border crossing", "the northern port", "an arms accord",
    "the fishing treaty", "the joint exercise", "a prisoner exchange", "the gas pipeline", "the customs union",
    "a coalition of lenders", "the airfield",
]  # fmt: skip
WHEN = ["before the autumn session", "during the winter talks", "after the election", "by the end of the month",
        "in the coming days", "within a year", "at the spring summit", "next week"]  # fmt: skip
LAST = ["next week", "the old harbour", "in the capital", "without a date", "the treaty", "São Telmo"]
WHERE = ["in the coastal district", "near the old harbour", "across the eastern provinces", "in the capital",
         "along the disputed river", "at the mountain pass"]  # fmt: skip
ASIDES = [
    "", "", "", "", ", and gave no date", ", as earlier reports had it", "; the outcome is open", ", which others doubt",
    " – so far unconfirmed", ", despite the café fire in São Telmo", " under the so-called “open door” accord",
    ", in what one aide called a \"first step\"", "", " according to the file", " once the snow has gone", "",
]  # fmt: skip
SPOKEN = ["we shall not wait", "there is nothing to add", "it will be done in time", "our position has not changed",
          "the talks go on, slowly", "that is not what was agreed", "nobody asked us", "we don’t comment on rumours",
          "it was called \"routine\" then", "the door stays open", "we will answer, firmly",
          "let them read the treaty"]  # fmt: skip
TAGS = ["", " today", " at all", " for now", ", believe me", " again", " as I said", " in public"]
CONDITIONS = ["if the council agrees", "unless the road stays closed", "provided that both sides sign",
              "if it proves necessary", "should the weather allow it", "if the loan is paid"]  # fmt: skip
TOPICS = ["Harbour Talks", "Border Deal", "Rail Dispute", "Grain Accord", "Joint Drills", "Prisoner Swap"]
NEWS = ["Stall, Sources Say", "Near an End", "Move Forward, Ministry Confirms", "Are “Not on the Table”",
        "Draw Doubt", "Resume in Secret", "Hit a Snag – Again", "Open"]  # fmt: skip
MINISTRIES = ["Foreign Affairs", "Defence", "Transport", "Trade, Ports and Customs", "Energy", "the Interior"]
POSTS = ["Minister", "Spokeswoman", "Deputy Chair", "Head of Press, Acting", "Envoy", "Secretary-General"]
COUNTRIES = ["RUS", "PRK", "USA", "KOR", "CHN", "JPN", "DEU", "FRA", "GBR", "IND", "BRA", "ZAF", "EGY", "TUR", "IRN", "UKR", "POL", "SRB", "MEX", "CAN"]
LANGUAGES = ["en", "en", "en", "en", "en", "ru", "ko", "de", "fr", "zh-Hans"]
