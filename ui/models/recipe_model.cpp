#include "ui/models/recipe_model.h"

#include "ui/models/words.h"

#include <QUndoCommand>

#include <algorithm>
#include <utility>

namespace graft::ui {

namespace {

constexpr int mostUndone = 200;

constexpr std::size_t moveField = 31; // more settings than any op has

/// For edits that are undone together: the chance of a step, a setting of it, or one of the whole recipe.
int mergeOf(int number, std::size_t field)
{
    constexpr int fieldsOfAStep = moveField + 2;
    return number * fieldsOfAStep + static_cast<int>(field) + 1;
}

const augment::OpSpec& opOf(const augment::Step& step)
{
    return *augment::findOp(step.op); // a recipe in the model is valid
}

} // namespace

class RecipeModel::Edit : public QUndoCommand
{
public:
    Edit(RecipeModel* model, State next, const QString& what, int merge)
        : QUndoCommand(what)
        , m_model(model)
        , m_before(model->m_state)
        , m_after(std::move(next))
        , m_merge(merge)
    {
    }

    int id() const override { return m_merge == 0 ? -1 : m_merge; }

    bool mergeWith(const QUndoCommand* newer) override
    {
        m_after = static_cast<const Edit*>(newer)->m_after;
        return true;
    }

    void undo() override { m_model->show(m_before); }

    void redo() override { m_model->show(m_after); }

private:
    RecipeModel* m_model;
    State m_before;
    State m_after;
    int m_merge;
};

RecipeModel::RecipeModel(QObject* parent)
    : QObject(parent)
{
    m_undo.setUndoLimit(mostUndone);
}

int RecipeModel::place(int number) const
{
    const auto found = std::ranges::find(m_state.numbers, number);
    return found == m_state.numbers.end() ? -1 : static_cast<int>(found - m_state.numbers.begin());
}

int RecipeModel::enabledSteps() const
{
    return static_cast<int>(std::ranges::count(m_state.recipe.steps, true, &augment::Step::enabled));
}

const augment::Preset* RecipeModel::preset() const
{
    const auto all = augment::presets();
    const auto found = std::ranges::find(all, m_state.recipe, &augment::Preset::recipe);
    return found == all.end() ? nullptr : &*found;
}

std::string RecipeModel::text() const
{
    const augment::Preset* known = preset();
    return known ? std::string(known->id) : augment::toJson(m_state.recipe);
}

void RecipeModel::reset(const augment::Recipe& recipe)
{
    m_undo.clear();
    State next {recipe, {}};
    for (std::size_t i = 0; i < recipe.steps.size(); ++i)
        next.numbers.push_back(m_nextNumber++);
    show(next);
}

void RecipeModel::replace(const augment::Recipe& recipe, const QString& what)
{
    State next {recipe, {}};
    for (std::size_t i = 0; i < recipe.steps.size(); ++i)
        next.numbers.push_back(m_nextNumber++);
    edit(std::move(next), what);
}

void RecipeModel::add(std::string_view op)
{
    if (size() >= augment::mostSteps)
        return;
    State next = m_state;
    const augment::OpSpec& spec = *augment::findOp(op);
    auto& steps = next.recipe.steps;
    const auto after = std::find_if(steps.rbegin(), steps.rend(), [&](const augment::Step& step) {
        return opOf(step).group <= spec.group;
    });
    const auto place = after.base() - steps.begin();
    augment::Step step = augment::initialStep(op);
    step.probability = 0.5;
    steps.insert(steps.begin() + place, std::move(step));
    next.numbers.insert(next.numbers.begin() + place, m_nextNumber++);
    edit(std::move(next), tr("add %1").arg(coreText(spec.title)));
}

void RecipeModel::remove(int number)
{
    const int at = place(number);
    if (at < 0)
        return;
    State next = m_state;
    next.recipe.steps.erase(next.recipe.steps.begin() + at);
    next.numbers.erase(next.numbers.begin() + at);
    edit(std::move(next), tr("remove %1").arg(coreText(opOf(step(static_cast<std::size_t>(at))).title)));
}

void RecipeModel::move(int number, int to)
{
    const int from = place(number);
    if (from < 0 || to < 0 || to >= static_cast<int>(size()) || from == to)
        return;
    State next = m_state;
    const auto shift = [from, to](auto& list) {
        const auto begin = list.begin();
        if (from < to)
            std::rotate(begin + from, begin + from + 1, begin + to + 1);
        else
            std::rotate(begin + to, begin + from, begin + from + 1);
    };
    shift(next.recipe.steps);
    shift(next.numbers);
    edit(std::move(next), tr("move %1").arg(coreText(opOf(step(static_cast<std::size_t>(from))).title)),
         mergeOf(number, moveField)); // a drag passes many places
}

augment::Step* RecipeModel::find(State& state, int number) const
{
    const int at = place(number);
    return at < 0 ? nullptr : &state.recipe.steps[static_cast<std::size_t>(at)];
}

void RecipeModel::setEnabled(int number, bool enabled)
{
    State next = m_state;
    augment::Step* step = find(next, number);
    if (!step || step->enabled == enabled)
        return;
    step->enabled = enabled;
    const QString title = coreText(opOf(*step).title);
    edit(std::move(next), enabled ? tr("switch %1 on").arg(title) : tr("switch %1 off").arg(title));
}

void RecipeModel::setProbability(int number, double probability)
{
    State next = m_state;
    augment::Step* step = find(next, number);
    if (!step || step->probability == probability)
        return;
    step->probability = probability;
    const QString title = coreText(opOf(*step).title);
    edit(std::move(next), tr("change %1").arg(title), mergeOf(number, 0));
}

void RecipeModel::setSetting(int number, std::size_t parameter, double value)
{
    State next = m_state;
    augment::Step* step = find(next, number);
    if (!step || step->settings[parameter] == value)
        return;
    step->settings[parameter] = value;
    const QString title = coreText(opOf(*step).title);
    edit(std::move(next), tr("change %1").arg(title), mergeOf(number, parameter + 1));
}

void RecipeModel::setBorder(const augment::Border& border)
{
    if (border == m_state.recipe.border)
        return;
    State next = m_state;
    next.recipe.border = border;
    edit(std::move(next), tr("change the edges"));
}

void RecipeModel::setChoice(const augment::Choice& choice)
{
    if (choice == m_state.recipe.choice)
        return;
    State next = m_state;
    next.recipe.choice = choice;
    edit(std::move(next), tr("change how many apply"), mergeOf(0, 0));
}

augment::Recipe RecipeModel::only(int number) const
{
    augment::Recipe recipe = m_state.recipe;
    for (std::size_t i = 0; i < recipe.steps.size(); ++i)
        recipe.steps[i].enabled = recipe.steps[i].enabled && m_state.numbers[i] == number;
    return recipe;
}

void RecipeModel::edit(State next, const QString& what, int merge)
{
    m_undo.push(new Edit(this, std::move(next), what, merge));
}

void RecipeModel::show(const State& state)
{
    m_state = state;
    emit changed();
}

} // namespace graft::ui
