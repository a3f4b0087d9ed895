"""Erlang B, C and A against values computed elsewhere with 40 digits.

Source: reference_erlang_abc.json (mpmath; recurrence, birth-death distribution and the offered-wait
density of Baccelli and Hebuterne); redials redraw patience, half of the abandoned try again.
"""

import pytest

from sim import erlang

CASES = {
    "tiny2": {
        "given": (15, 300, 2, 120, 20),
        "erlang_c": {
            "erlang_b": 0.25773195876288657,
            "p_wait": 0.4807692307692308,
            "asa": 192.30769230769232,
            "sl": 0.5426781612977336,
            "occupancy": 0.625,
            "mean_queue_len": 0.8012820512820513,
        },
        "erlang_a": {
            "p_wait": 0.3166693611888248,
            "p_abandon": 0.18962651595958022,
            "mean_queue_len": 0.09481325797979011,
            "mean_wait_all": 22.755181915149624,
            "asa_answered": 11.710116252900752,
            "mean_virtual_wait": 53.43138399481218,
            "occupancy": 0.5064834275252623,
            "sl_offered": 0.71171408936253,
            "sl_answered": 0.8782544140190933,
            "sl_excl_short_abandons": 0.7462618764507528,
            "sl_virtual": 0.7141208744232999,
            "abandon_within_T": 0.046294455309084485,
        },
        "erlang_a_retrials_r0.5": {
            "p_wait": 0.36201593303379465,
            "p_abandon": 0.21865161406018072,
            "mean_queue_len": 0.1227450036085011,
            "mean_wait_all": 26.238193687221685,
            "asa_answered": 13.895538024136217,
            "mean_virtual_wait": 61.92109630458267,
            "occupancy": 0.5482843727446868,
            "sl_offered": 0.6694025704534723,
            "sl_answered": 0.8567273990696268,
            "sl_excl_short_abandons": 0.7068752033147812,
            "sl_virtual": 0.6720711689066643,
            "abandon_within_T": 0.05301166696127803,
            "effective_calls_per_hour": 16.841175054127515,
        },
    },
    "s5": {
        "given": (60, 240, 5, 180, 20),
        "erlang_c": {
            "erlang_b": 0.19906687402799378,
            "p_wait": 0.5541125541125541,
            "asa": 132.98701298701297,
            "sl": 0.49019183951275597,
            "occupancy": 0.8,
            "mean_queue_len": 2.2164502164502164,
        },
        "erlang_a": {
            "p_wait": 0.35265813429489423,
            "p_abandon": 0.11295138586863941,
            "mean_queue_len": 0.33885415760591825,
            "mean_wait_all": 20.331249456355096,
            "asa_answered": 16.230553838098423,
            "mean_virtual_wait": 28.445422677090637,
            "occupancy": 0.7096388913050885,
            "sl_offered": 0.707919080616173,
            "sl_answered": 0.798061199057732,
            "sl_excl_short_abandons": 0.732630064069124,
            "sl_virtual": 0.7112869623126703,
            "abandon_within_T": 0.03372914198429538,
        },
        "erlang_a_retrials_r0.5": {
            "p_wait": 0.40478827236614306,
            "p_abandon": 0.1335005089290877,
            "mean_queue_len": 0.42914721241897974,
            "mean_wait_all": 24.03009160723579,
            "asa_answered": 19.461670228280155,
            "mean_virtual_wait": 33.88558371920114,
            "occupancy": 0.7427803716774694,
            "sl_offered": 0.6607841424978802,
            "sl_answered": 0.7625903411451666,
            "sl_excl_short_abandons": 0.6875628679793231,
            "sl_virtual": 0.6644441745647638,
            "abandon_within_T": 0.038947311916571144,
            "effective_calls_per_hour": 64.2914721241898,
        },
    },
    "s14_classic": {
        "given": (200, 180, 14, 120, 20),
        "erlang_c": {
            "erlang_b": 0.05681914338652086,
            "p_wait": 0.17413193359504983,
            "asa": 7.835937011777243,
            "sl": 0.8883500191794669,
            "occupancy": 0.7142857142857143,
            "mean_queue_len": 0.4353298339876246,
        },
        "erlang_a": {
            "p_wait": 0.12697634007979536,
            "p_abandon": 0.02283928653181877,
            "mean_queue_len": 0.15226191021212515,
            "mean_wait_all": 2.7407143838182524,
            "asa_answered": 2.3453752341521703,
            "mean_virtual_wait": 3.2695590418507527,
            "occupancy": 0.697971938191558,
            "sl_offered": 0.9327295806980597,
            "sl_answered": 0.9545303733994538,
            "sl_excl_short_abandons": 0.9462198703261235,
            "sl_virtual": 0.9373720862078361,
            "abandon_within_T": 0.014257034808848722,
        },
        "erlang_a_retrials_r0.5": {
            "p_wait": 0.13545720710362957,
            "p_abandon": 0.024576103821217228,
            "mean_queue_len": 0.16587902217683817,
            "mean_wait_all": 2.9491324585460674,
            "asa_answered": 2.5248503722037388,
            "mean_virtual_wait": 3.522620444109123,
            "occupancy": 0.7053993380976694,
            "sl_offered": 0.9276554000251324,
            "sl_answered": 0.9510279619550196,
            "sl_excl_short_abandons": 0.9420405563756785,
            "sl_virtual": 0.932574574124822,
            "abandon_within_T": 0.015270209178562711,
            "effective_calls_per_hour": 202.48818533265256,
        },
    },
    "m55_qed": {
        "given": (600, 300, 55, 120, 20),
        "erlang_c": {
            "erlang_b": 0.05374881212575822,
            "p_wait": 0.38454731793292857,
            "asa": 23.07283907597571,
            "sl": 0.7244598063038831,
            "occupancy": 0.9090909090909091,
            "mean_queue_len": 3.8454731793292853,
        },
        "erlang_a": {
            "p_wait": 0.20831853956191138,
            "p_abandon": 0.028634009324507572,
            "mean_queue_len": 0.5726801864901514,
            "mean_wait_all": 3.4360811189409084,
            "asa_answered": 3.118841193485331,
            "mean_virtual_wait": 3.8904068209462563,
            "occupancy": 0.8830599915231749,
            "sl_offered": 0.9120307798353594,
            "sl_answered": 0.9389157007660202,
            "sl_excl_short_abandons": 0.9319187750796566,
            "sl_virtual": 0.9212879526773786,
            "abandon_within_T": 0.021340910577316432,
        },
        "erlang_a_retrials_r0.5": {
            "p_wait": 0.24017177003355059,
            "p_abandon": 0.03389447077825584,
            "mean_queue_len": 0.6895758192933316,
            "mean_wait_all": 4.0673364933907,
            "asa_answered": 3.7017117582005294,
            "mean_virtual_wait": 4.617206459491464,
            "occupancy": 0.893418731379697,
            "sl_offered": 0.8952904260394773,
            "sl_answered": 0.9267004472696553,
            "sl_excl_short_abandons": 0.9182301814196372,
            "sl_virtual": 0.9058136808851995,
            "abandon_within_T": 0.024982576095128616,
            "effective_calls_per_hour": 610.3436372894,
        },
    },
    "b105": {
        "given": (1200, 300, 105, 120, 20),
        "erlang_c": {
            "erlang_b": 0.04826077066124091,
            "p_wait": 0.5157074268123087,
            "asa": 30.942445608738527,
            "sl": 0.6304794815935398,
            "occupancy": 0.9523809523809523,
            "mean_queue_len": 10.314148536246176,
        },
        "erlang_a": {
            "p_wait": 0.2559020149259976,
            "p_abandon": 0.026823187704101092,
            "mean_queue_len": 1.0729275081640437,
            "mean_wait_all": 3.218782524492131,
            "asa_answered": 3.0158817015094477,
            "mean_virtual_wait": 3.5263735098233226,
            "occupancy": 0.9268350593294276,
            "sl_offered": 0.9238688039317259,
            "sl_answered": 0.9493329395633189,
            "sl_excl_short_abandons": 0.9454777613491305,
            "sl_virtual": 0.9370616899615557,
            "abandon_within_T": 0.022855066825231543,
        },
        "erlang_a_retrials_r0.5": {
            "p_wait": 0.30387821070086907,
            "p_abandon": 0.03314271961536152,
            "mean_queue_len": 1.3480477692364188,
            "mean_wait_all": 3.9771263538433823,
            "asa_answered": 3.7395932399687934,
            "mean_virtual_wait": 4.369727136199054,
            "occupancy": 0.9363327646519474,
            "sl_offered": 0.9039279089063985,
            "sl_answered": 0.9349134843839566,
            "sl_excl_short_abandons": 0.9298826131279797,
            "sl_virtual": 0.919478138885175,
            "abandon_within_T": 0.027911807205722037,
            "effective_calls_per_hour": 1220.2207165385462,
        },
    },
    "l250": {
        "given": (3000, 280, 250, 180, 30),
        "erlang_c": {
            "erlang_b": 0.01622774080485213,
            "p_wait": 0.1983526879588051,
            "asa": 3.332325157707926,
            "sl": 0.9667407670005439,
            "occupancy": 0.9333333333333333,
            "mean_queue_len": 2.7769376314232717,
        },
        "erlang_a": {
            "p_wait": 0.13281712051714595,
            "p_abandon": 0.0058393658779934375,
            "mean_queue_len": 0.8759048816990157,
            "mean_wait_all": 1.0510858580388187,
            "asa_answered": 1.0170548343873094,
            "mean_virtual_wait": 1.0924633287977872,
            "occupancy": 0.9278832585138728,
            "sl_offered": 0.9929597469951793,
            "sl_answered": 0.9987920592652637,
            "sl_excl_short_abandons": 0.9987615412549788,
            "sl_virtual": 0.998545432799944,
            "abandon_within_T": 0.005808988452347997,
        },
        "erlang_a_retrials_r0.5": {
            "p_wait": 0.14316091348188414,
            "p_abandon": 0.006384477367709914,
            "mean_queue_len": 0.9607385117989209,
            "mean_wait_all": 1.1492059261877847,
            "asa_answered": 1.112104108455767,
            "mean_virtual_wait": 1.1949800182260428,
            "occupancy": 0.9303443690744033,
            "sl_offered": 0.9922378583183284,
            "sl_answered": 0.9986134835028423,
            "sl_excl_short_abandons": 0.9985781523561357,
            "sl_virtual": 0.9983309505284396,
            "abandon_within_T": 0.006349321806057296,
            "effective_calls_per_hour": 3009.607385117989,
        },
    },
    "xl1000": {
        "given": (12000, 295, 1000, 180, 20),
        "erlang_c": {
            "erlang_b": 0.015455568566841665,
            "p_wait": 0.48503819252561814,
            "asa": 8.585176007703442,
            "sl": 0.8433076807559531,
            "occupancy": 0.9833333333333333,
            "mean_queue_len": 28.61725335901147,
        },
        "erlang_a": {
            "p_wait": 0.26726879683370164,
            "p_abandon": 0.007167534860002744,
            "mean_queue_len": 4.300520916001647,
            "mean_wait_all": 1.290156274800494,
            "asa_answered": 1.2706365756024949,
            "mean_virtual_wait": 1.3193480513242037,
            "occupancy": 0.9762852573876639,
            "sl_offered": 0.9921225526791547,
            "sl_answered": 0.9992849624828269,
            "sl_excl_short_abandons": 0.9992765523647805,
            "sl_virtual": 0.9991973214289738,
            "abandon_within_T": 0.007159178976726603,
        },
        "erlang_a_retrials_r0.5": {
            "p_wait": 0.30997010919807017,
            "p_abandon": 0.008687607903845066,
            "mean_queue_len": 5.2353058846985165,
            "mean_wait_all": 1.563769422692112,
            "asa_answered": 1.5412581351947878,
            "mean_virtual_wait": 1.6003996191922434,
            "occupancy": 0.9790432910111498,
            "sl_offered": 0.9902753138465592,
            "sl_answered": 0.9989538330622472,
            "sl_excl_short_abandons": 0.9989412301773405,
            "sl_virtual": 0.9988270688742568,
            "abandon_within_T": 0.008675101266210404,
            "effective_calls_per_hour": 12052.353058846986,
        },
    },
}


def metrics_of_a(m, within):
    return {
        "p_wait": m.wait_probability,
        "p_abandon": m.abandonment,
        "mean_queue_len": m.mean_queue_length,
        "mean_wait_all": m.mean_wait_all_s,
        "asa_answered": m.asa_s,
        "mean_virtual_wait": m.virtual_wait_s,
        "occupancy": m.occupancy,
        "sl_offered": m.service_level(within, "abandons_negative"),
        "sl_answered": m.service_level(within, "answered_only"),
        "sl_excl_short_abandons": m.service_level(within),
        "sl_virtual": 1 - m.virtual_longer(within),
        "abandon_within_T": m.abandoned_within(within),
    }


@pytest.mark.parametrize("name", CASES)
def test_erlang_c_and_b(name):
    calls, aht, agents, _, within = CASES[name]["given"]
    want = CASES[name]["erlang_c"]
    m = erlang.c(calls, "1h", aht, agents)
    got = {
        "erlang_b": erlang.b(calls, "1h", aht, agents).blocking,
        "p_wait": m.wait_probability,
        "asa": m.asa_s,
        "sl": m.service_level(within),
        "occupancy": m.occupancy,
        "mean_queue_len": m.mean_queue_length,
    }
    assert got == pytest.approx(want, rel=1e-12, abs=0)


@pytest.mark.parametrize("name", CASES)
def test_erlang_a(name):
    calls, aht, agents, patience, within = CASES[name]["given"]
    m = erlang.a(calls, "1h", aht, agents, patience)
    assert metrics_of_a(m, within) == pytest.approx(CASES[name]["erlang_a"], rel=1e-12, abs=0)


@pytest.mark.parametrize("name", CASES)
def test_erlang_a_with_redials(name):
    calls, aht, agents, patience, within = CASES[name]["given"]
    m = erlang.a(calls, "1h", aht, agents, patience, redial=0.5)
    got = metrics_of_a(m, within) | {"effective_calls_per_hour": m.calls_per_hour}
    want = CASES[name]["erlang_a_retrials_r0.5"]
    assert got == pytest.approx(want, rel=1e-11, abs=0)


@pytest.mark.parametrize("name", CASES)
def test_other_formulas_agree_with_erlang_a(name):
    """The birth-death sum with many lines, the density integral and one chat at a time."""
    calls, aht, agents, patience, within = CASES[name]["given"]
    want = metrics_of_a(erlang.a(calls, "1h", aht, agents, patience), within)
    many = erlang.a(calls, "1h", aht, agents, patience, lines=agents + 1500)
    general = erlang.g(calls, "1h", aht, agents, patience)
    assert metrics_of_a(many, within) == pytest.approx(want, rel=1e-10)
    assert metrics_of_a(general, within) == pytest.approx(want, rel=1e-10)
    if agents < 300:
        one = erlang.chat(calls, "1h", [aht], agents, patience)
        assert metrics_of_a(one, within) == pytest.approx(want, rel=1e-10)
