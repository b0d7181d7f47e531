"""Tests of ``tests/commands`` that say nothing about DingTalk, each with the reason."""

OUTBOX = "looks at what waits in the outbox, which has been sent here"
DISPATCHER = "asks the dispatcher itself"
LOOKS = "compares how lines look: headings, arrows, commands in English"
FORM = "reads a whole form at once; here one thing is asked after the other"
CORRECTED = "submits what is wrong; here the question itself refuses it"
OUTSIDE = "somebody from outside is told before any command is looked at"
CARD = "reads the review's card at each step; here a line tells what changed"

ELSEWHERE = {
    "test_applying_shows_the_plan_and_moves_it_once_confirmed": OUTBOX,
    "test_documents_are_made_afterwards": OUTBOX,
    "test_ending_brings_the_outcomes_to_the_tracker": OUTBOX,
    "test_the_last_reviews_are_listed_and_exported": OUTBOX,
    "test_the_po_is_reminded_after_three_working_days": OUTBOX,
    "test_what_is_changed_elsewhere_is_told_in_the_channel": OUTBOX,
    "test_a_button_starts_the_review_that_is_missing": DISPATCHER,
    "test_in_english_with_a_mention_that_shows_a_name": DISPATCHER,
    "test_a_number_is_no_item_to_be_made": DISPATCHER,
    "test_alone_a_card_offers_what_one_may_do": DISPATCHER,
    "test_people_of_one_name_are_offered_by_their_handles": DISPATCHER,
    "test_a_form_that_comes_back_says_what_it_lacks": DISPATCHER,
    "test_the_next_step_of_a_form_is_not_wrong_yet": DISPATCHER,
    "test_handing_in_at_once_and_by_file": DISPATCHER,
    "test_the_same_delivery_twice_is_one_change": DISPATCHER,
    "test_a_button_approves_only_what_stood_on_its_card": LOOKS,
    "test_a_plan_brings_its_deliverables_by_stage": LOOKS,
    "test_from_draft_to_accepted": LOOKS,
    "test_lanhu_links_are_kept_with_it": LOOKS,
    "test_mentions_are_reviewers_and_are_told_once": LOOKS,
    "test_nobody_types_an_id": LOOKS,
    "test_short_lines_mean_nothing_without_a_review": LOOKS,
    "test_the_products_own_and_the_plans_are_told_apart": LOOKS,
    "test_the_whole_way": LOOKS,
    "test_edit_opens_a_filled_form": FORM,
    "test_new_without_a_word_opens_the_form": FORM,
    "test_the_form_has_the_storys_text_and_only_what_differs_is_a_change": FORM,
    "test_the_form_offers_the_plans": FORM,
    "test_the_submit_form_is_filled_in": FORM,
    "test_a_form_makes_everything": CORRECTED,
    "test_a_form_opened_before_a_change_ticks_nothing": CORRECTED,
    "test_a_form_says_all_points_at_once": CORRECTED,
    "test_a_line_of_the_form_that_is_not_understood_stands_beside_its_field": CORRECTED,
    "test_a_wrong_form_comes_back_with_what_was_typed": CORRECTED,
    "test_agreed_words_need_a_change_request[form]": CORRECTED,
    "test_an_emptied_field_becomes_empty": CORRECTED,
    "test_customers_do_not_see_plans": OUTSIDE,
    "test_customers_see_nothing_of_it": OUTSIDE,
    "test_only_editors_make_stories[customer]": OUTSIDE,
    "test_only_leaders_start[customer]": OUTSIDE,
    "test_only_the_deciding_roles_decide[customer]": OUTSIDE,
    "test_what_cannot_be_done_is_explained[customer]": OUTSIDE,
    "test_what_cannot_be_logged_is_explained[customer]": OUTSIDE,
    "test_who_may_not[customer asks]": OUTSIDE,
    "test_a_changed_story_is_voted_on_anew": CARD,
    "test_a_verdict_of_somebody_else_is_kept_and_not_counted": CARD,
    "test_short_lines_while_a_review_is_open": CARD,
    "test_what_was_undecided_is_on_the_next_agenda": CARD,
}
