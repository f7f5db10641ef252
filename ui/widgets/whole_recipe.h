#pragma once
#include <QFrame>

class QCheckBox;
class QComboBox;
class QPushButton;

namespace graft::ui {

class ParamForm;
class RecipeModel;

/// What concerns all steps of a recipe: what fills empty edges, and how many steps happen to a picture.
class WholeRecipe : public QFrame
{
    Q_OBJECT
public:
    explicit WholeRecipe(RecipeModel* model, QWidget* parent = nullptr);

private:
    void connectModel();
    void chooseColour();
    void showRecipe();

    RecipeModel* m_model;
    QComboBox* m_border;
    QPushButton* m_colour;
    QCheckBox* m_some;
    ParamForm* m_choice;
};

} // namespace graft::ui
