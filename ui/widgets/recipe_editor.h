#pragma once
#include "core/augment/recipe.h"

#include <QWidget>

#include <map>

class QComboBox;
class QLabel;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace graft::ui {

class OpRow;
class RecipeModel;
class WholeRecipe;

/// The left side of the augment page: preset, the rows of a recipe in order, and what concerns all of them.
class RecipeEditor : public QWidget
{
    Q_OBJECT
public:
    explicit RecipeEditor(RecipeModel* model, QWidget* parent = nullptr);

    int solo() const { return m_solo; } ///< number of the step that is shown alone; 0: none

    void setSolo(int number);

    OpRow* row(int place) const; ///< for tests and focus

signals:
    void soloChanged();

private:
    QWidget* makePresets();
    QWidget* makeRows();
    void fillAddMenu();
    void choosePreset(int index);
    OpRow* makeRow(int number);
    void show(); ///< what the model holds
    void showPreset();
    bool showRows(); ///< whether rows came, went or moved
    void chainTabs();
    void drag(int number, int globalY);
    void shift(int number, int places);

    RecipeModel* m_model;
    int m_solo = 0;
    std::map<int, OpRow*> m_rows; ///< by the numbers of the steps
    QComboBox* m_presets;
    QLabel* m_sentence;
    QToolButton* m_add;
    QScrollArea* m_scroll;
    QWidget* m_list;
    QVBoxLayout* m_column; ///< the rows, in order
    QLabel* m_nothing;
    WholeRecipe* m_whole;
};

} // namespace graft::ui
