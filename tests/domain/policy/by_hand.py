"""What the code must agree with, written without it: states, zones and hours by hand, plain arithmetic.

Nothing here knows `phonenumbers`, `zoneinfo` or the shipped table. Only the two days of 2027 on which the
clocks of the US change are covered, and the days around them; both are Sundays, none is a holiday.
"""

from __future__ import annotations

from collections.abc import Iterator

# Minutes east of UTC in winter, and whether there is summer time.
ZONES = {
    "E": (-300, True),  # Eastern
    "C": (-360, True),  # Central
    "M": (-420, True),  # Mountain
    "Z": (-420, False),  # most of Arizona
    "P": (-480, True),  # Pacific
    "A": (-540, True),  # Alaska
    "D": (-600, True),  # Adak
    "H": (-600, False),  # Hawaii
    "V": (-240, False),  # Puerto Rico, the Virgin Islands
    "S": (-660, False),  # American Samoa
    "G": (600, False),  # Guam, the Northern Marianas
}

# State, zones of most of its area codes, area codes. Those of several zones say so themselves: 850CE.
STATES = """
AL C 205 251 256 334 659 938
AK A 907AD
AZ Z 480 520 602 623 928MZ
AR C 327 479 501 870
CA P 209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707
CA P 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951
CO M 303 719 720 748 970 983
CT E 203 475 860 959
DE E 302
DC E 202 771
FL E 239 305 321 324 352 386 407 448CE 561 645 656 689 727 728 754 772 786 813 850CE 863 904 941 954
GA E 229 404 470 478 678 706 762 770 912 943
HI H 808
ID M 208MP 986MP
IL C 217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872
IN E 219CE 260 317 463 574CE 765 812CE 930CE
IA C 319 515 563 641 712
KS C 316 620CM 785CM 913
KY E 270CE 364CE 502 606CE 859
LA C 225 318 337 504 985
ME E 207
MD E 227 240 301 410 443 667
MA E 339 351 413 508 617 774 781 857 978
MI E 231 248 269 313 517 586 616 734 810 906CE 947 989
MN C 218 320 507 612 651 763 952
MS C 228 601 662 769
MO C 235 314 417 557 573 636 660 816 975
MT M 406
NE C 308CM 402CM 531CM
NV P 702 725 775MP
NH E 603
NJ E 201 551 609 640 732 848 856 862 908 973
NM M 505 575
NY E 212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934
NC E 252 336 472 704 743 828 910 919 980 984
ND C 701CM
OH E 216 220 234 283 326 330 380 419 440 513 567 614 740 937
OK C 405 539 572 580 918
OR P 458MP 503 541MP 971
PA E 215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
RI E 401
SC E 803 821 839 843 854 864
SD C 605CM
TN C 423CE 615 629 731 865E 901 931
TX C 210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915M 936 940
TX C 945 956 972 979
UT M 385 435 801
VT E 802
VA E 276 434 540 571 686 703 757 804 826 948
WA P 206 253 360 425 509 564
WV E 304 681
WI C 262 274 353 414 534 608 715 920
WY M 307
PR V 787 939
VI V 340
GU G 671
MP G 670
AS S 684
"""

# Hours of marketing calls on Saturdays and Sundays where a state is stricter than 8 to 21; none is a ban.
STRICTER = {
    "AL": ((8, 20), None),
    "CA": ((9, 21), (9, 21)),
    "CT": ((9, 20), (9, 20)),
    "FL": ((8, 20), (8, 20)),
    "IL": ((9, 21), (9, 21)),
    "KY": ((10, 21), (10, 21)),
    "LA": ((8, 20), None),
    "ME": (None, None),
    "MD": ((8, 20), (8, 20)),
    "MA": ((8, 20), (8, 20)),
    "MI": ((9, 21), (9, 21)),
    "MN": ((9, 21), (9, 21)),
    "MS": (None, None),
    "MT": (None, None),
    "NE": ((8, 21), (13, 21)),
    "NV": ((9, 20), (9, 20)),
    "NM": (None, None),
    "OK": ((8, 20), (8, 20)),
    "OR": ((8, 20), (8, 20)),
    "PA": ((9, 19), None),
    "RI": ((10, 17), None),
    "SC": ((8, 19), (8, 19)),
    "SD": (None, None),
    "TX": ((9, 21), (12, 21)),
    "UT": ((8, 21), None),
    "WA": (None, None),
    "WY": (None, None),
}

# Those whose law on announcing devices has the same hours for information, every day.
DEVICES = dict.fromkeys(("CA", "MN", "NV"), ((9, 21), (9, 21)))

DAY = 24 * 60
SATURDAY, SUNDAY = -1, 0


def area_codes() -> Iterator[tuple[str, str, str]]:
    """Every US area code with its state and the letters of its zones."""
    for line in STATES.split("\n")[1:-1]:
        state, usual, *codes = line.split()
        for code in codes:
            yield code[:3], state, code[3:] or usual


def offset(zone: str, minute: int, spring: bool) -> int:
    """Minutes east of UTC, `minute` minutes after the changing Sunday began in UTC."""
    winter, changes = ZONES[zone]
    to_summer = 2 * 60 - winter  # at 2:00 of winter time the clock goes forward
    to_winter = 2 * 60 - (winter + 60)  # at 2:00 of summer time it goes back
    summer = minute >= to_summer if spring else minute < to_winter
    return winter + 60 if changes and summer else winter


def is_open(state: str, zones: str, marketing: bool, minute: int, spring: bool) -> bool:
    """Whether a number of this state and these zones may be called, by the hours above."""
    return all(is_open_in(state, marketing, minute + offset(zone, minute, spring)) for zone in zones)


def is_open_in(state: str, marketing: bool, local: int) -> bool:
    saturday, sunday = (STRICTER if marketing else DEVICES).get(state, ((8, 21), (8, 21)))
    today = {SATURDAY: saturday, SUNDAY: sunday}.get(local // DAY, (8, 21))
    return today is not None and today[0] * 60 <= local % DAY < today[1] * 60
