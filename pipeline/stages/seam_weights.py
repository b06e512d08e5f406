"""What each thing that speaks for or against a seam weighs, in nats. Made by `python -m bench.seams`, from
the line ends of the development booklets and ordering cases, their texts in true order."""

WEIGHTS = {
    "a broken word made whole": 3.09,  # 599
    "a compound": -2.46,  # 397
    "a piece of a word": 0.55,  # 868
    "broken/capital": -2.91,  # 65
    "broken/heading": -0.95,  # 2
    "broken/lower": -0.24,  # 1280
    "broken/opening": -2.73,  # 43
    "broken/other": -1.07,  # 2
    "ends in no word": 1.15,  # 438
    "fourth word": 0.37,  # 19375
    "no such word": -2.01,  # 396
    "one subject": 1.16,  # 25078
    "open short/capital": 1.09,  # 170
    "open short/heading": 1.36,  # 2
    "open short/lower": -2.09,  # 184
    "open short/opening": 0.06,  # 28
    "open/capital": -2.59,  # 1602
    "open/heading": -3.75,  # 55
    "open/lower": -1.13,  # 15231
    "open/opening": -4.92,  # 453
    "open/other": -1.60,  # 39
    "own phrase": 0.07,  # 17764
    "pause/capital": -1.53,  # 189
    "pause/heading": -2.09,  # 10
    "pause/lower": -0.63,  # 1589
    "pause/opening": -0.57,  # 121
    "pause/other": -0.05,  # 4
    "phrase": 0.83,  # 19677
    "stop short/capital": 1.29,  # 950
    "stop short/heading": 2.20,  # 59
    "stop short/lower": -4.11,  # 1022
    "stop short/opening": 1.51,  # 544
    "stop short/other": 1.53,  # 15
    "stop/capital": 1.47,  # 630
    "stop/heading": 0.81,  # 19
    "stop/lower": -3.48,  # 560
    "stop/opening": 1.11,  # 208
    "stop/other": 1.39,  # 2
    "the rest of a word": 2.45,  # 398
    "third word": 0.50,  # 19541
}
