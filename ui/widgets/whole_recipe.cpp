#include "ui/widgets/whole_recipe.h"

#include "ui/models/recipe_model.h"
#include "ui/models/words.h"
#include "ui/widgets/param_form.h"
#include "ui/widgets/parts.h"

#include <QCheckBox>
#include <QColorDialog>
#include <QComboBox>
#include <QGridLayout>
#include <QPainter>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int usualCount = 2; // as RandAugment's

std::vector<ParamSpec> choiceSpecs()
{
    static const std::string count = WholeRecipe::tr("How many").toStdString();
    static const std::string strength = WholeRecipe::tr("Strength").toStdString();
    return {{.id = "count",
             .title = count,
             .unit = "",
             .low = 1.0,
             .high = 16.0,
             .initial = usualCount,
             .step = 1.0},
            {.id = "strength",
             .title = strength,
             .unit = "%",
             .low = 0.0,
             .high = 100.0,
             .initial = 100.0,
             .step = 1.0}};
}

QIcon swatch(const QColor& colour)
{
    QPixmap pixmap(32, 32);
    pixmap.fill(colour);
    QPainter(&pixmap).drawRect(0, 0, 31, 31);
    return pixmap;
}

QColor toColour(const augment::Border& border)
{
    return {border.colour[0], border.colour[1], border.colour[2]};
}

} // namespace

WholeRecipe::WholeRecipe(RecipeModel* model, QWidget* parent)
    : QFrame(parent)
    , m_model(model)
    , m_border(new QComboBox)
    , m_colour(makeButton("", tr("Colour…")))
    , m_some(new QCheckBox(tr("Choose some of these for each picture")))
    , m_choice(new ParamForm(choiceSpecs()))
{
    setProperty("card", true);
    for (const augment::BorderMode& mode : augment::borderModes()) {
        m_border->addItem(coreText(mode.title));
        m_border->setItemData(m_border->count() - 1, coreText(mode.sentence), Qt::ToolTipRole);
    }
    m_border->setObjectName(QStringLiteral("border"));
    m_border->setAccessibleName(tr("Empty corners"));
    m_some->setObjectName(QStringLiteral("some"));
    m_some->setToolTip(tr("Drawn anew for each picture, each still with its chance"));
    QLabel* label = makeLabel("", tr("Empty corners"));
    label->setBuddy(m_border);
    label->setToolTip(tr("What stands where a turned or moved picture has nothing"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(16, 12, 12, 12);
    grid->setSpacing(8);
    grid->addWidget(label, 0, 0);
    grid->addWidget(m_border, 0, 1);
    grid->addWidget(m_colour, 1, 1);
    grid->addWidget(m_some, 2, 0, 1, 2);
    grid->addWidget(m_choice, 3, 0, 1, 2);
    grid->setColumnStretch(1, 1);
    connectModel();
    showRecipe();
}

void WholeRecipe::connectModel()
{
    connect(m_model, &RecipeModel::changed, this, &WholeRecipe::showRecipe);
    connect(m_border, &QComboBox::activated, this, [this](int index) {
        augment::Border border = m_model->recipe().border;
        border.mode = augment::borderModes()[static_cast<std::size_t>(index)].mode;
        m_model->setBorder(border);
    });
    connect(m_colour, &QPushButton::clicked, this, &WholeRecipe::chooseColour);
    connect(m_some, &QCheckBox::toggled, this, [this](bool some) {
        augment::Choice choice = m_model->recipe().choice;
        choice.count = some ? usualCount : 0;
        m_model->setChoice(choice);
    });
    connect(m_choice, &ParamForm::changed, this, [this](int parameter, double value) {
        augment::Choice choice = m_model->recipe().choice;
        if (parameter == 0)
            choice.count = static_cast<int>(std::lround(value));
        else
            choice.strength = value / 100.0;
        m_model->setChoice(choice);
    });
}

void WholeRecipe::chooseColour()
{
    auto* dialog = new QColorDialog(toColour(m_model->recipe().border), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("The colour of empty corners"));
    connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& colour) {
        augment::Border border = m_model->recipe().border;
        const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
        border.colour = {byte(colour.red()), byte(colour.green()), byte(colour.blue())};
        m_model->setBorder(border);
    });
    dialog->open();
}

void WholeRecipe::showRecipe()
{
    const augment::Recipe& recipe = m_model->recipe();
    const auto modes = augment::borderModes();
    const auto mode = std::ranges::find(modes, recipe.border.mode, &augment::BorderMode::mode);
    m_border->setCurrentIndex(static_cast<int>(mode - modes.begin()));
    m_border->setToolTip(coreText(mode->sentence));
    const bool coloured = recipe.border.mode == augment::Border::Mode::Colour;
    m_colour->setVisible(coloured);
    if (coloured)
        m_colour->setIcon(swatch(toColour(recipe.border)));
    const QSignalBlocker silent(m_some);
    m_some->setChecked(recipe.choice.count > 0);
    m_choice->setVisible(recipe.choice.count > 0);
    m_choice->setValues(
        std::array {static_cast<double>(recipe.choice.count), recipe.choice.strength * 100.0});
    setVisible(m_model->size() > 0);
}

} // namespace graft::ui
