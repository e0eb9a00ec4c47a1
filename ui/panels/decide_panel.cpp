#include <algorithm>
#include <string>

#include "ui/panels/panels.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

namespace {

constexpr float answer_line_height = 20;

/// A wide button with words on as many lines as they need. Returns its height.
float answer_button(Frame& frame, const Answer& answer, int number, ImVec2 at, float width) {
    const Palette& colours = frame.colours;
    const TextStyle style{frame.fonts.regular, size::large, colours.text};
    const TextStyle mark{frame.fonts.mono, size::normal, colours.quiet};
    const float inner = width - 68;
    const float words_height = paragraph_height(style, answer.words, inner, answer_line_height);
    const float height = words_height + 26;
    const Touch button = touch(std::string(answer.id).c_str(), at, {width, height});
    const ImVec2 corner{at.x + width, at.y + height};
    frame.draw->AddRectFilled(at, corner, button.hovered ? colours.hover : colours.panel, 8);
    frame.draw->AddRect(at, corner, button.hovered ? colours.accent : colours.line, 8);
    draw_text(frame, {at.x + 16, at.y + 13}, mark, std::to_string(number));
    draw_paragraph(frame, {at.x + 40, at.y + 13}, style, answer.words, inner, answer_line_height);
    if (button.pressed) frame.controller.answer(answer.id);
    return height;
}

/// The answers so far; a click on one takes it back, and all after it. Returns the height.
float draw_steps(Frame& frame, ImVec2 at, float width) {
    const Palette& colours = frame.colours;
    const TextStyle asked{frame.fonts.regular, size::small, colours.quiet};
    const TextStyle given{frame.fonts.semibold, size::normal, colours.text};
    const TextStyle change{frame.fonts.regular, size::small, colours.accent};
    const std::vector<DecideStep> steps = steps_of(frame.model.decide);
    float y = at.y;
    for (std::size_t index = 0; index < steps.size(); ++index) {
        const auto& [question, answer] = steps[index];
        const float inner = width - 84;
        const float asked_height = paragraph_height(asked, question->words, inner, 18);
        const float height = asked_height + paragraph_height(given, answer->words, inner, answer_line_height) + 14;
        const Touch row = touch(("step " + std::to_string(index)).c_str(), {at.x - 8, y}, {width + 16, height});
        if (row.hovered) {
            frame.draw->AddRectFilled({at.x - 8, y}, {at.x + width + 8, y + height}, colours.panel, 6);
        }
        draw_paragraph(frame, {at.x, y + 6}, asked, question->words, inner, 18);
        draw_paragraph(frame, {at.x, y + 6 + asked_height}, given, answer->words, inner, answer_line_height);
        draw_text_right(frame, at.x + width, y + 6, change, "change");
        frame.draw->AddRectFilled({at.x, y + height}, {at.x + width, y + height + 1}, colours.line);
        if (row.pressed) frame.controller.take_back_answers(index);
        y += height + 2;
    }
    return steps.empty() ? 0 : y - at.y + 16;
}

float draw_question(Frame& frame, const Question& question, ImVec2 at, float width) {
    const TextStyle style{frame.fonts.semibold, 18, frame.colours.text};
    float y = at.y + draw_paragraph(frame, at, style, question.words, width, 24) + 12;
    int number = 1;
    for (const Answer& answer : question.answers) {
        y += answer_button(frame, answer, number++, {at.x, y}, width) + 8;
    }
    return y - at.y;
}

/// The few lines of Python, with a link that copies them. Returns the height.
float draw_snippet(Frame& frame, std::string_view python, ImVec2 at, float width) {
    const float inner = width - 32;
    const float height = draw_code(frame, at, python, inner, false) + 32;
    frame.draw->AddRectFilled(at, {at.x + width, at.y + height}, frame.colours.panel, 8);
    draw_code(frame, {at.x + 16, at.y + 16}, python, inner, true);
    const bool copied = says_copied(frame, "snippet");
    const TextStyle style{frame.fonts.regular, size::small, copied ? frame.colours.good : frame.colours.accent};
    const char* words = copied ? "copied" : "copy";
    const float x = at.x + width - 14 - text_size(style, words).x;
    if (link(frame, "copy snippet", {x, at.y + 10}, style, words)) copy(frame, "snippet", std::string(python));
    return height;
}

/// What the proof shows, and the button that goes there. Returns the height.
float draw_proof(Frame& frame, const Proof& proof, ImVec2 at, float width) {
    const Palette& colours = frame.colours;
    const TextStyle heading{frame.fonts.semibold, size::large, colours.text};
    const TextStyle words{frame.fonts.regular, size::normal, colours.text};
    const TextStyle command{frame.fonts.mono, size::small, colours.quiet};
    const Experiment* experiment = find_experiment(proof.experiment);
    float y = at.y;
    draw_text(frame, {at.x, y}, heading, "See it proved");
    y += 26;
    if (experiment) {
        const std::string text = std::string(proof.look) + " (" + std::string(experiment->label) + ")";
        y += draw_paragraph(frame, {at.x, y}, words, text, width, answer_line_height) + 12;
    }
    const bool runs = frame.platform.info().engine_unavailable.empty();
    const char* label = runs ? "Run the proof" : "Show the proof";
    const TextStyle style{frame.fonts.semibold, size::large, colours.on_accent};
    const float button_width = text_size(style, label).x + 60;
    const Touch button = touch("prove", {at.x, y}, {button_width, 40});
    frame.draw->AddRectFilled({at.x, y}, {at.x + button_width, y + 40},
                              button.hovered ? colours.accent_hovered : colours.accent, 8);
    draw_play_sign(frame, {at.x + 24, y + 20}, 6, style.colour);
    draw_text(frame, {at.x + 40, y + 11}, style, label);
    y += 52;
    y += draw_paragraph(frame, {at.x, y}, command, proof_command(proof), width, 18) + 12;
    if (button.pressed) frame.controller.prove(proof);
    return y - at.y;
}

float draw_advice(Frame& frame, const Advice& advice, ImVec2 at, float width) {
    const Palette& colours = frame.colours;
    const TextStyle headline{frame.fonts.semibold, 18, colours.good};
    const TextStyle why{frame.fonts.regular, size::large, colours.text};
    const float inner = width - 32;
    const float headline_height = paragraph_height(headline, advice.headline, inner, 24);
    const float height = headline_height + paragraph_height(why, advice.why, inner, 22) + 32;
    frame.draw->AddRectFilled(at, {at.x + width, at.y + height}, colours.good_back, 8);
    draw_paragraph(frame, {at.x + 16, at.y + 12}, headline, advice.headline, inner, 24);
    draw_paragraph(frame, {at.x + 16, at.y + 18 + headline_height}, why, advice.why, inner, 22);
    float y = at.y + height + 12;
    y += draw_snippet(frame, advice.python, {at.x, y}, width) + 20;
    y += draw_proof(frame, advice.proof, {at.x, y}, width);
    return y - at.y;
}

} // namespace

float draw_decide(Frame& frame, ImVec2 at, float width) {
    const Palette& colours = frame.colours;
    const TextStyle title{frame.fonts.semibold, size::title, colours.text};
    const TextStyle quiet{frame.fonts.regular, size::large, colours.quiet};
    const TextStyle active{frame.fonts.regular, size::normal, colours.accent};
    ImGui::PushID("decide");
    float y = at.y;
    y += draw_paragraph(frame, {at.x, y}, title, "Which tool for which work?", width, 28) + 6;
    y += draw_paragraph(frame, {at.x, y}, quiet,
                        "A few questions lead to one piece of advice, and to the experiment that proves it here.",
                        width, answer_line_height) +
         16;
    y += draw_steps(frame, {at.x, y}, width);
    const DecisionPlace place = place_of(frame.model.decide);
    if (place.question) y += draw_question(frame, *place.question, {at.x, y}, width);
    if (place.advice) y += draw_advice(frame, *place.advice, {at.x, y}, width);
    y += 12;
    const std::size_t given = frame.model.decide.answers.size();
    float x = at.x;
    if (given > 0) {
        if (link(frame, "back", {x, y}, active, "← back")) frame.controller.take_back_answers(given - 1);
        x += text_size(active, "← back").x + 28;
        if (link(frame, "again", {x, y}, active, "start again")) frame.controller.take_back_answers(0);
        x += text_size(active, "start again").x + 28;
    }
    if (link(frame, "close", {x, y}, active, "close")) frame.controller.open_decide(false);
    ImGui::PopID();
    return y - at.y + 32;
}

} // namespace gil::ui
