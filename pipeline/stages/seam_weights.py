"""What each thing that speaks for or against a seam weighs, in nats. Made by `python -m bench.seams`, from
the line ends of the development booklets and ordering cases, their texts in true order."""

WEIGHTS = {
    "a broken word made whole": 2.99,  # 606
    "a compound": -2.45,  # 365
    "a piece of a word": -0.48,  # 871
    "broken/capital": -2.91,  # 65
    "broken/heading": -0.95,  # 2
    "broken/lower": -0.27,  # 1280
    "broken/opening": -2.75,  # 43
    "broken/other": -1.08,  # 2
    "ends in no word": 0.17,  # 444
    "fourth word": 0.47,  # 19375
    "no such word": -2.02,  # 421
    "one subject": 1.13,  # 25078
    "open short/capital": 2.56,  # 170
    "open short/heading": 1.46,  # 2
    "open short/lower": -0.91,  # 184
    "open short/opening": 1.45,  # 28
    "open/capital": -1.31,  # 1602
    "open/heading": -2.61,  # 55
    "open/lower": 0.19,  # 15231
    "open/opening": -3.62,  # 453
    "open/other": -0.38,  # 39
    "own phrase": 0.12,  # 17764
    "pause/capital": -0.51,  # 189
    "pause/heading": -1.29,  # 10
    "pause/lower": 0.46,  # 1589
    "pause/opening": 0.57,  # 121
    "pause/other": 0.74,  # 4
    "phrase": 0.76,  # 19677
    "stop short/capital": 1.29,  # 950
    "stop short/heading": 2.20,  # 59
    "stop short/lower": -4.05,  # 1022
    "stop short/opening": 1.51,  # 544
    "stop short/other": 1.53,  # 15
    "stop/capital": 1.46,  # 630
    "stop/heading": 0.81,  # 19
    "stop/lower": -3.41,  # 560
    "stop/opening": 1.11,  # 208
    "stop/other": 1.39,  # 2
    "the rest of a word": 2.40,  # 399
    "third word": 0.41,  # 19541
}
