"""The steps of every line and of all lines, against the tables as they were agreed (domain
reference, sections 3.0 to 3.10)."""

import pytest

from tests.builders import lines
from workflows.line import TransitionSpec
from workflows.machine import CompiledLine

# id, from, to, action, by
TABLES = {
    "DJ": """
A1 registered verifying accept FD/CD
A2 registered matched claim CW/CD
A3 registered not_accepted decline CD
A4 verifying registered return_for_correction SC
A5 verifying letter_issued issue_letter SC
A6 verifying resolved admit SC
A7 letter_issued resolved receive_receipt SC
A8 letter_issued overdue mark_overdue SYS
A9 overdue letter_issued reissue SC
A10 overdue resolved cancel_letter SC
A11 matched resolved fulfil CW/CD
A12 matched registered release CW/CD
""",
    "MZ": """
B1 registered accepted accept SC
B2 registered not_accepted decline SC
B3 accepted emergency_aid aid_first SL
B4 emergency_aid surveying regularise SC
B5 accepted surveying start_survey SC
B6 surveying reviewing convene_review SC/CD
B7 surveying proposed propose SC
B8 reviewing proposed conclude_review SC/CD
B9 proposed noticing post_notice SL
B10 proposed resolved refuse SL/DL
B11 noticing objected object RES/CD
B12 objected surveying resurvey SC
B13 objected reviewing review_objection SC/CD
B14 noticing submitted submit SC
B15 submitted surveying send_back DO/DL
B16 submitted resolved confirm DL/SL
B17 submitted resolved refuse_confirm DL/SL
""",
    "LB": """
C1 registered verifying accept FD/CW/SC
C2 registered not_accepted decline FD/SC
C3 verifying registered return_for_correction SC
C4 verifying in_service enrol_unemployed SC
C5 verifying resolved complete FD/SC
C6 verifying certifying start_certification SC
C7 certifying resolved refuse SC/DO
C8 certifying noticing post_notice SC
C9 noticing certifying object RES/CD
C10 noticing in_service certify DO
C11 noticing resolved grant_subsidy DO
C12 in_service recommending recommend CW/SC
C13 recommending placed hire SC
C14 recommending in_service not_hired CW/SC
C15 placed resolved retain CW/SC
C16 placed in_service lose_post CW/SC
C17 in_service resolved deregister SC
""",
    "JS": """
D1 registered resolved instant_register FD/SC
D2 registered cross_checking request_check SC
D3 registered committed accept_commitment FD/SC
D4 registered not_accepted decline SC
D5 cross_checking resolved register_verified SC
D6 cross_checking resolved refuse SC
D7 cross_checking committed fall_back SC
D8 committed resolved verify_commitment SC
D9 registered reviewing accept_review CW/CD
D10 reviewing noticing post_notice SC
D11 reviewing resolved refuse_review SC
D12 noticing reviewing object RES/CD
D13 noticing confirming submit SC
D14 confirming resolved confirm_grant DL
D15 confirming reviewing send_back DO
D16 committed terminated revoke SC
""",
    "ZZ": """
E1 registered emergency report_emergency CW/FD/CD
E2 registered verifying accept_graded CD
E3 registered not_accepted decline CD
E4 verifying emergency upgrade CW/CD
E5 verifying resolved unfounded CW/CD
E6 verifying resolved removed_on_spot CW/CD
E7 verifying rectifying notify_rectify CD/SC
E8 verifying monitoring start_support SC
E9 rectifying rechecking recheck SYS/CW
E10 rechecking resolved pass CW/CD
E11 rechecking rectifying renew SC
E12 rechecking transferred transfer SL
E13 emergency transferred transfer_emergency SL/CD
E14 emergency monitoring stand_down SC/SL
E15 registered resolved enrol_tenant FD/CW
E16 transferred monitoring outcome_back SC
E17 monitoring resolved watch_over SYS/SC
E18 monitoring verifying recur CW/SC
""",
    "TJ": """
F1 registered consent_pending ask_consent MED
F2 consent_pending mediating accept MED
F3 consent_pending not_accepted consent_refused MED
F4 registered not_accepted out_of_scope MED/CD
F5 registered resolved advise MED
F6 mediating agreed agree MED
F7 mediating terminated fail MED
F8 mediating terminated party_ends RES/MED
F9 agreed resolved perform_at_once MED
F10 agreed performing start_performing MED
F11 agreed confirming apply_confirmation RES/MED
F12 confirming performing confirmed MED
F13 confirming agreed withdraw_confirmation RES/MED
F14 confirming mediating not_confirmed MED
F15 performing resolved performed MED
F16 performing mediating renegotiate MED
F17 performing terminated breach MED
""",
    "CG": """
G0 registered not_accepted decline CD
G1 registered onsite verify_onsite CW/CD
G2 onsite resolved unfounded CW/CD
G3 onsite resolved fix_locally CW/CD
G4 onsite persuading persuade CW/CD
G5 onsite filed file CD
G6 persuading persuading persuade_again CW/CD
G7 persuading resolved persuaded CW/CD
G8 persuading filed escalate_file CW/CD
G9 filed dispatched dispatch SC
G10 filed onsite send_back SC
G11 dispatched filed refuse_dispatch SC/DO/SRV
G12 dispatched handling sign_in SC/DO/SRV
G13 handling checking report_done SC/DO/SRV
G14 handling enforcing start_enforcement SC/DO
G15 enforcing checking enforced SC/DO
G16 checking resolved pass CW/CD/SUP
G17 checking dispatched rework CW/CD/SUP
""",
    "WT": """
H1 registered reserved reserve SYS/FD
H2 registered waitlisted waitlist SYS/FD
H3 registered not_accepted decline FD/CD
H4 waitlisted reserved promote SYS
H5 waitlisted terminated lapse SYS
H6 reserved attended check_in RES/FD/CW
H7 reserved no_show miss SYS
H8 reserved terminated cancel_event CD
H9 registered repairing order_repair CW/CD/SC
H10 attended resolved finish SYS/CW
H11 no_show terminated write_off SYS
H12 registered verifying accept_verify FD/CW
H13 repairing resolved accept_repair CW/CD
H14 verifying resolved forward_verified SC
H15 verifying registered return_for_correction SC
H16 no_show attended excuse FD/CD
""",
    "YL": """
K1 registered accepted accept FD/SC
K2 registered not_accepted decline SC
K3 accepted assessing start_assessment SC
K4 accepted approving submit_direct SC
K5 assessing noticing post_notice SC
K6 noticing assessing object RES/CD
K7 noticing approving submit SC
K8 assessing resolved refuse SC/SL
K9 approving resolved grant_benefit DL
K10 approving resolved refuse_approval DL
K11 approving contracted approve_service DL
K12 contracted serving start_service SRV/CW
K13 approving assessing send_back DO/DL
K14 contracted resolved finish_once SRV/CW
K15 serving paused pause CW/SRV
K16 paused serving restart CW/SRV
K17 serving contracted change_provider SC
K18 serving reassessing reassess SYS/SC
K19 reassessing serving adjust SC/DO
K20 reassessing resolved end_ineligible DL
K21 serving resolved end_service CW/SC
K22 paused resolved end_paused CW/SC
""",
    "XF": """
M1 registered accepted accept SC
M2 registered not_accepted decline SC
M3 registered forwarded forward SC/SUP
M4 forwarded accepted take_over SC/DO
M5 forwarded registered return_forwarding SC/DO
M25 forwarded resolved close_forwarded SC
M6 registered diverted divert SC
M7 diverted resolved divert_back SC
M8 accepted resolved answer SC/DO
M9 accepted coordinating convene_property SC
M10 coordinating resolved property_agreed SC
M11 coordinating terminated property_failed SC
M12 accepted investigating investigate SC/DO
M13 coordinating investigating to_authority SC
M14 investigating hearing hold_hearing SL/DL
M15 hearing investigating hearing_done SL/DL
M16 investigating resolved settle SC/DO
M17 investigating opined issue_opinion SL/DL
M18 opined resolved rest SYS/RES
M19 opined reviewing ask_review RES
M20 reviewing review_opined review_opinion DL
M21 reviewing investigating order_redo DL
M22 review_opined resolved rest_review SYS/RES
M23 review_opined final_review ask_final RES
M24 final_review resolved conclude_final DO/DL
""",
}
OF_ALL_LINES = """
X1 resolved closed confirm_satisfied FD/CD/SC/SL/SUP/RES
X2 resolved redo reopen_unsatisfied CD/SL/SUP
X3 resolved closed close_explained CD/SL/SUP
X4 resolved closed close_unreachable FD/CD/SUP
X5 resolved closed close_exempt SYS
X6 closed redo reopen_new_facts CD/SL/SUP
X7 ended archived archive FD/SC
X8 open withdrawn withdraw RES/FD
X9 open terminated terminate CD/SL/DL
X10 initial initial deem_accepted SYS
"""


def row(step: TransitionSpec) -> str:
    """As the tables write it."""
    return " ".join([step.id, *step.sources, step.to, step.action, "/".join(step.by)])


@pytest.mark.parametrize("line", lines.versions(), ids=lambda line: f"{line.line}-{line.version}")
def test_the_steps_are_those_of_the_table(line: CompiledLine) -> None:
    own = [row(step) for step in line.spec.transitions]
    shared = [row(step) for step in line.spec.common.transitions]

    assert own == TABLES[line.line].strip().splitlines()
    assert shared == OF_ALL_LINES.strip().splitlines()


def test_the_tables_know_178_steps_of_the_ten_lines_and_ten_of_all() -> None:
    known = [len(table.strip().splitlines()) for table in TABLES.values()]

    assert (len(known), sum(known)) == (10, 178)
    assert len(OF_ALL_LINES.strip().splitlines()) == 10
    assert set(lines.codes()) == set(TABLES)
