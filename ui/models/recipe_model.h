#pragma once
#include "core/augment/recipe.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace graft::ui {

/// The recipe that a person edits, with undo. Each step has a number of its own, which it keeps while it is
/// moved and edited, so that a view knows it again.
class RecipeModel : public QObject
{
    Q_OBJECT
public:
    explicit RecipeModel(QObject* parent = nullptr);

    const augment::Recipe& recipe() const { return m_state.recipe; }

    std::size_t size() const { return m_state.recipe.steps.size(); }

    const augment::Step& step(std::size_t place) const { return m_state.recipe.steps[place]; }

    int number(std::size_t place) const { return m_state.numbers[place]; }

    int place(int number) const; ///< -1 where there is none
    int enabledSteps() const;

    QUndoStack& undoStack() { return m_undo; }

    /// As learn::Plan has it: a preset's id where the recipe is one, else JSON.
    std::string text() const;
    /// The preset that the recipe is; null where it is a person's own.
    const augment::Preset* preset() const;

    void reset(const augment::Recipe& recipe); ///< without undo: of a project that was opened
    /// Requires a valid recipe. `what` is for the menu: "Undo WHAT".
    void replace(const augment::Recipe& recipe, const QString& what);

    void add(std::string_view op); ///< at the end of its group, so that geometry stays together
    void remove(int number);
    void move(int number, int place);
    void setEnabled(int number, bool enabled);
    void setProbability(int number, double probability);
    void setSetting(int number, std::size_t parameter, double value);
    void setBorder(const augment::Border& border);
    void setChoice(const augment::Choice& choice);

    /// The recipe with all steps off but this one: they keep their places, and so the draws stay the same.
    augment::Recipe only(int number) const;

signals:
    void changed();

private:
    struct State {
        augment::Recipe recipe;
        std::vector<int> numbers; ///< of its steps
    };

    class Edit;

    augment::Step* find(State& state, int number) const;
    /// Edits with the same `merge` that follow one another are undone together; 0: never.
    void edit(State next, const QString& what, int merge = 0);
    void show(const State& state);

    State m_state;
    int m_nextNumber = 1;
    QUndoStack m_undo;
};

} // namespace graft::ui
