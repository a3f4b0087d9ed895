"""Published and exactly computed numbers, copied with their sources."""

from typing import NamedTuple

C_METRICS = ("wait_probability", "asa_s", "service_level", "occupancy", "mean_queue_length")
A_METRICS = (
    "wait_probability",
    "abandonment",
    "mean_queue_length",
    "mean_wait_all_s",
    "asa_s",
    "virtual_wait_s",
    "occupancy",
    "abandons_negative",
    "answered_only",
    "abandons_ignored",
    "virtual_within",
    "abandoned_within",
)
"""Names of the columns of `Reference.c` and of `Reference.a` and `Reference.redial`."""


class Reference(NamedTuple):
    """Erlang B, C and A of one queue; columns in the order of the names above.

    `blocking` is Erlang B with as many lines as agents, `redial` Erlang A when half of those who
    hang up call again, with `redial_calls` an hour in all. Times in seconds.
    """

    name: str
    agents: int
    calls_per_hour: float
    aht_s: float
    patience_s: float
    within_s: float
    blocking: float
    c: tuple[float, ...]
    a: tuple[float, ...]
    redial: tuple[float, ...]
    redial_calls: float


REFERENCES = (
    Reference(
        "tiny2", 2, 15, 300, 120, 20,
        blocking=0.2577319587629,
        c=(0.4807692307692, 192.3076923077, 0.5426781612977, 0.625, 0.8012820512821,),
        a=(0.3166693611888, 0.1896265159596, 0.09481325797979, 22.75518191515, 11.7101162529,
            53.43138399481, 0.5064834275253, 0.7117140893625, 0.8782544140191, 0.7462618764508,
            0.7141208744233, 0.04629445530908,),
        redial=(0.3620159330338, 0.2186516140602, 0.1227450036085, 26.23819368722,
            13.89553802414, 61.92109630458, 0.5482843727447, 0.6694025704535, 0.8567273990696,
            0.7068752033148, 0.6720711689067, 0.05301166696128,),
        redial_calls=16.84117505413,
    ),
    Reference(
        "s5", 5, 60, 240, 180, 20,
        blocking=0.199066874028,
        c=(0.5541125541126, 132.987012987, 0.4901918395128, 0.8, 2.21645021645,),
        a=(0.3526581342949, 0.1129513858686, 0.3388541576059, 20.33124945636, 16.2305538381,
            28.44542267709, 0.7096388913051, 0.7079190806162, 0.7980611990577, 0.7326300640691,
            0.7112869623127, 0.0337291419843,),
        redial=(0.4047882723661, 0.1335005089291, 0.429147212419, 24.03009160724,
            19.46167022828, 33.8855837192, 0.7427803716775, 0.6607841424979, 0.7625903411452,
            0.6875628679793, 0.6644441745648, 0.03894731191657,),
        redial_calls=64.29147212419,
    ),
    Reference(
        "s14_classic", 14, 200, 180, 120, 20,
        blocking=0.05681914338652,
        c=(0.174131933595, 7.835937011777, 0.8883500191795, 0.7142857142857, 0.4353298339876,),
        a=(0.1269763400798, 0.02283928653182, 0.1522619102121, 2.740714383818, 2.345375234152,
            3.269559041851, 0.6979719381916, 0.9327295806981, 0.9545303733995, 0.9462198703261,
            0.9373720862078, 0.01425703480885,),
        redial=(0.1354572071036, 0.02457610382122, 0.1658790221768, 2.949132458546,
            2.524850372204, 3.522620444109, 0.7053993380977, 0.9276554000251, 0.951027961955,
            0.9420405563757, 0.9325745741248, 0.01527020917856,),
        redial_calls=202.4881853327,
    ),
    Reference(
        "m55_qed", 55, 600, 300, 120, 20,
        blocking=0.05374881212576,
        c=(0.3845473179329, 23.07283907598, 0.7244598063039, 0.9090909090909, 3.845473179329,),
        a=(0.2083185395619, 0.02863400932451, 0.5726801864902, 3.436081118941, 3.118841193485,
            3.890406820946, 0.8830599915232, 0.9120307798354, 0.938915700766, 0.9319187750797,
            0.9212879526774, 0.02134091057732,),
        redial=(0.2401717700336, 0.03389447077826, 0.6895758192933, 4.067336493391,
            3.701711758201, 4.617206459491, 0.8934187313797, 0.8952904260395, 0.9267004472697,
            0.9182301814196, 0.9058136808852, 0.02498257609513,),
        redial_calls=610.3436372894,
    ),
    Reference(
        "b105", 105, 1200, 300, 120, 20,
        blocking=0.04826077066124,
        c=(0.5157074268123, 30.94244560874, 0.6304794815935, 0.952380952381, 10.31414853625,),
        a=(0.255902014926, 0.0268231877041, 1.072927508164, 3.218782524492, 3.015881701509,
            3.526373509823, 0.9268350593294, 0.9238688039317, 0.9493329395633, 0.9454777613491,
            0.9370616899616, 0.02285506682523,),
        redial=(0.3038782107009, 0.03314271961536, 1.348047769236, 3.977126353843,
            3.739593239969, 4.369727136199, 0.9363327646519, 0.9039279089064, 0.934913484384,
            0.929882613128, 0.9194781388852, 0.02791180720572,),
        redial_calls=1220.220716539,
    ),
    Reference(
        "l250", 250, 3000, 280, 180, 30,
        blocking=0.01622774080485,
        c=(0.1983526879588, 3.332325157708, 0.9667407670005, 0.9333333333333, 2.776937631423,),
        a=(0.1328171205171, 0.005839365877993, 0.875904881699, 1.051085858039, 1.017054834387,
            1.092463328798, 0.9278832585139, 0.9929597469952, 0.9987920592653, 0.998761541255,
            0.9985454327999, 0.005808988452348,),
        redial=(0.1431609134819, 0.00638447736771, 0.9607385117989, 1.149205926188,
            1.112104108456, 1.194980018226, 0.9303443690744, 0.9922378583183, 0.9986134835028,
            0.9985781523561, 0.9983309505284, 0.006349321806057,),
        redial_calls=3009.607385118,
    ),
    Reference(
        "xl1000", 1000, 12000, 295, 180, 20,
        blocking=0.01545556856684,
        c=(0.4850381925256, 8.585176007703, 0.843307680756, 0.9833333333333, 28.61725335901,),
        a=(0.2672687968337, 0.007167534860003, 4.300520916002, 1.2901562748, 1.270636575602,
            1.319348051324, 0.9762852573877, 0.9921225526792, 0.9992849624828, 0.9992765523648,
            0.999197321429, 0.007159178976727,),
        redial=(0.3099701091981, 0.008687607903845, 5.235305884699, 1.563769422692,
            1.541258135195, 1.600399619192, 0.9790432910111, 0.9902753138466, 0.9989538330622,
            0.9989412301773, 0.9988270688743, 0.00867510126621,),
        redial_calls=12052.35305885,
    ),
)  # fmt: skip

# Mandelbaum and Zeltyn, Service engineering in action: the Palm/Erlang-A queue; the digits
# beyond the printed ones are recomputed.
PALM = {
    "abandonment": 0.03091225,
    "mean_wait_all_s": 3.709470,
    "occupancy": 0.93032424,
    "wait_probability": 0.46777407,
    "mean_queue_length": 2.967576,
}
PALM_P90_S = 12.4446

# Whitt (2005), parameter set 102 / 100, patience as long as service; own chain and the LINE
# solver (qsys_erlanga) agree to 1e-12. Times in service times.
WHITT_A = {
    "abandonment": 0.0499179759998,
    "wait_probability": 0.591718634519,
    "mean_queue_length": 5.09163355198,
    "mean_wait_all_s": 0.0499179759998,
    "occupancy": 0.96908366448,
}

# Standard table of Erlang B at a blocking of 0.1 %, erlangs for 1 to 45 lines, as printed.
B_TABLE = (
    0.001, 0.046, 0.194, 0.439, 0.762, 1.1, 1.6, 2.1, 2.6, 3.1, 3.7, 4.2, 4.8, 5.4, 6.1,
    6.7, 7.4, 8.0, 8.7, 9.4, 10.1, 10.8, 11.5, 12.2, 13.0, 13.7, 14.4, 15.2, 15.9, 16.7,
    17.4, 18.2, 19.0, 19.7, 20.5, 21.3, 22.1, 22.9, 23.7, 24.4, 25.2, 26.0, 26.8, 27.6, 28.4,
)  # fmt: skip

# Erlang C with 40 digits: agents, erlangs, Erlang B, wait probability, mean wait in handle times.
C_EXACT = (
    (11, 10, 0.163232333244, 0.682118204689, 0.682118204689),
    (20, 16, 0.0644109247816, 0.256077793839, 0.0640194484598),
    (50, 48, 0.0833373534935, 0.694455611197, 0.347227805598),
    (1000, 950, 0.00364929368894, 0.0682534153771, 0.00136506830754),
)

# Exact values of cases of which wrong ones circulate.
C_TRAPS = ((25, 20, 0.20910283), (3, 2.5, 0.7022), (4, 2.5, 0.3199))  # agents, erlangs, P(wait)
C_TRAP_LEVELS = ((58, 50, 240, 30, 0.92847), (8, 5, 300, 15, 0.856))  # ..., AHT, within, level
B_TRAP = (200, 180, 0.010324995)

# README of the CRAN package ErlangC 0.1.0: 100 calls per 30 min of 180 s, within 20 s.
CRAN_C = {14: (0.1741319, 0.88835), 11: (0.6821182, 0.3896138)}  # P(wait), service level
CRAN_ASA_S = 7.83593701177724

# Delay function of Halfin and Whitt (1981) by the slack beta.
HALFIN_WHITT = {
    0.1: 0.880287083331,
    0.5: 0.504538640998,
    1: 0.223361274798,
    1.5: 0.0846903944939,
    2: 0.0268813624294,
    2.375: 0.00999687779414,
    1.761: 0.0476306737999,
    1.16: 0.166743831884,
}


class Lines(NamedTuple):
    """M/M/c/K by GNU Octave's package queueing 1.2.7 (qsmmmk); K counts those in service."""

    agents: int
    lines: int
    calls_per_hour: float
    aht_s: float
    utilisation: float
    response_s: float
    present: float
    blocking: float


OCTAVE = (
    Lines(5, 10, 60, 240, 0.766011460940972, 296.000798912666,
          4.72375009197471, 0.0424856738237852),
    Lines(14, 20, 240, 180, 0.829171442097973, 194.121956253216,
          12.5191408540612, 0.0326333175523645),
)  # fmt: skip
OCTAVE_TEST = (3, 7, 40, 120, 0.255037, 0.036517)  # c, K, calls/h, AHT s, P(empty), response h


class Many(NamedTuple):
    """M/GI/100+GI at 102 arrivals a service time, with 95 % half widths of the source."""

    service: str
    patience: str
    abandonment: tuple[float, float]
    at_once: tuple[float, float]
    asa: tuple[float, float]
    queue: tuple[float, float]


# Independent program by the recursion of Kiefer and Wolfowitz, 20 batches of 2 million arrivals;
# parameters of Whitt (2005). A service time is a minute here.
MANY = (
    Many("exponential 60s", "erlang 60s k 2", (0.03767, 0.00026), (0.24711, 0.00196),
         (0.11305, 0.00061), (11.722, 0.065)),
    Many("lognormal 60s cv 1", "erlang 60s k 2", (0.03691, 0.00029), (0.23419, 0.00205),
         (0.11295, 0.00065), (11.693, 0.068)),
)  # fmt: skip


class Chats(NamedTuple):
    """Concurrent chats by an exact chain: least loaded agent first, exponential patience."""

    agents: int
    per_hour: float
    aht_s: tuple[float, ...]
    patience_s: float
    wait_probability: float
    abandonment: float
    mean_queue_length: float
    mean_wait_all_s: float
    occupancy: float
    slots: float


CHATS = (
    Chats(2, 20, (300, 400), 180, 0.1354655345783644, 0.05698044975837851, 0.0569804497583785,
          10.25648095650813, 0.6637244640236363, 0.45398739318951664),
    Chats(3, 40, (300, 420), 120, 0.21184367764981088, 0.0967438938136095, 0.128991858418146,
          11.60926725763314, 0.8250934769576171, 0.6208252270846663),
    Chats(5, 80, (360, 450, 600), 240, 0.19687306866102317, 0.05266344846556982,
          0.2808717251497057, 12.639227631736757, 0.9685215240228994, 0.7173679806904615),
)  # fmt: skip

# US patent 8,064,589: chat of 500 s, customer composes 0.75 times as long as the agent, 3 at once.
PATENT_INFLATED_S, PATENT_CONCURRENCY = 886.8132, 1.691450

# A flat day from empty: 20 calls a minute, 105 agents, 5 min, patience 2 min, 480 min.
# Kolmogorov's forward equations, relative tolerance 1e-9.
FLAT_DAY = {
    "arrivals": 9600.0,
    "abandons": 249.1466106168218,
    "abandonment": 0.02595277193925227,
    "queue_time_per_arrival_min": 0.05190554387850453,
    "wait_probability": 0.2479264754552883,
    "mean_busy": 96.37982063172043,
}

# Erlang A mixed over a gamma busyness: 55 agents, 48 erlangs, patience two handle times.
# Busyness (cv): abandonment, wait probability, by contact.
BUSYNESS = {
    0.0: (0.00864, 0.193599),
    0.05: (0.010633, 0.214554),
    0.1: (0.016913, 0.264359),
    0.2: (0.040821, 0.368137),
    0.3: (0.073033, 0.443556),
}

# SSJ library, example CallCenter (1000 days): means with half of the 90 % interval. A program of
# its own over 20,000 days gives 1660.1, 12.37, 0.8555 and 0.0363. Normalised by 1660 calls.
RANDOM_DAY = {
    "offered": (1639.507, 26.718),
    "wait_s_by_1660": (11.834, 1.774),
    "good_by_1660": (0.853, 0.009),
    "lost_by_1660": (0.0342, 0.00315),
}
RANDOM_DAY_OWN = {
    "offered": (1660.1, 7.3),
    "wait_s_by_1660": (12.37, 0.41),
    "good_by_1660": (0.8555, 0.0023),
    "lost_by_1660": (0.0363, 0.0008),
}

# ContactCenters library, MMC.res (1000 days of 8 h from empty, 95 %), M/M/12 with 4.2 calls a
# minute of 2 min; then the forward equations of the same day.
EMPTY_DAY = {"good": (1816.158, 3.54), "level": (0.902, 0.002), "asa_min": (0.0995, 0.0025),
             "occupancy": (0.6955, 0.0015)}  # fmt: skip
EMPTY_DAY_ODE = {"good": 1815.27, "level": 0.90043, "asa_min": 0.10068, "occupancy": 0.69693}

# ContactCenters library 0.9.9, model "two queues", 300 replications, printed to three digits.
TWO_CLASSES = {
    "offered": 5999.0,
    "total@20s": 0.724,
    "small@20s": 0.693,
    "large@40s": 0.881,
    "abandonment": 0.0471,
    "abandonment small": 0.0649,
    "abandonment large": 0.0451,
    "mean_wait_all_s": 14.2,
    "occupancy": 0.938,
    "occupancy small": 0.845,
    "occupancy large": 0.951,
    "wait_probability": 0.457,
}
