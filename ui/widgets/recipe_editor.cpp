#include "ui/widgets/recipe_editor.h"

#include "ui/models/recipe_model.h"
#include "ui/models/words.h"
#include "ui/widgets/op_row.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/whole_recipe.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace graft::ui {

RecipeEditor::RecipeEditor(RecipeModel* model, QWidget* parent)
    : QWidget(parent)
    , m_model(model)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(makePresets());
    column->addWidget(makeRows(), 1);
    connect(m_model, &RecipeModel::changed, this, &RecipeEditor::show);
    show();
}

QWidget* RecipeEditor::makePresets()
{
    m_presets = new QComboBox;
    m_presets->setObjectName(QStringLiteral("presets"));
    m_presets->setAccessibleName(tr("Preset"));
    m_presets->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const augment::Preset& preset : augment::presets()) {
        m_presets->addItem(coreText(preset.title));
        m_presets->setItemData(m_presets->count() - 1, coreText(preset.sentence), Qt::ToolTipRole);
    }
    m_add = makeIconButton("plus", tr("Add an augmentation"));
    m_add->setObjectName(QStringLiteral("add"));
    m_add->setPopupMode(QToolButton::InstantPopup);
    fillAddMenu();
    m_sentence = makeLabel("muted");
    m_sentence->setWordWrap(true);

    auto* presets = new QWidget;
    auto* grid = new QGridLayout(presets);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(8);
    grid->addWidget(m_presets, 0, 0);
    grid->addWidget(m_add, 0, 1);
    grid->addWidget(m_sentence, 1, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    connect(m_presets, &QComboBox::activated, this, &RecipeEditor::choosePreset);
    return presets;
}

QWidget* RecipeEditor::makeRows()
{
    m_list = makeCard();
    m_column = new QVBoxLayout(m_list);
    m_column->setContentsMargins(1, 4, 1, 4);
    m_column->setSpacing(0);
    m_nothing =
        makeLabel("muted", tr("Nothing is changed. Choose a preset above, or add an augmentation with +."));
    m_nothing->setWordWrap(true);
    m_nothing->setMargin(16);
    m_column->addWidget(m_nothing);
    m_whole = new WholeRecipe(m_model);

    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    column->addWidget(m_list);
    column->addWidget(m_whole);
    column->addStretch();
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored); // as high as the page
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(inside);
    m_scroll->viewport()->setAutoFillBackground(false);
    inside->setAutoFillBackground(false);
    return m_scroll;
}

void RecipeEditor::fillAddMenu()
{
    auto* menu = new QMenu(m_add);
    QMenu* part = nullptr;
    const augment::OpSpec* before = nullptr;
    for (const augment::OpSpec& op : augment::ops()) {
        if (!before || before->group != op.group) {
            part = menu->addMenu(coreText(augment::title(op.group)));
            part->setToolTipsVisible(true);
        }
        before = &op;
        QAction* action = part->addAction(coreText(op.title));
        if (!op.labelHint.empty())
            action->setIcon(icon("warning", Ink::Warning));
        action->setToolTip(op.labelHint.empty()
                               ? coreText(op.sentence)
                               : coreText(op.sentence) + QLatin1Char('\n') + coreText(op.labelHint));
        connect(action, &QAction::triggered, this, [this, id = op.id] {
            m_model->add(id);
            const auto newest = std::prev(m_rows.end());
            newest->second->setOpen(true);
            // Once the layout knows how high it is.
            QTimer::singleShot(0, newest->second,
                               [this, row = newest->second] { m_scroll->ensureWidgetVisible(row); });
        });
    }
    m_add->setMenu(menu);
}

void RecipeEditor::choosePreset(int index)
{
    const auto presets = augment::presets();
    if (index >= static_cast<int>(presets.size()))
        return;
    const augment::Preset& preset = presets[static_cast<std::size_t>(index)];
    if (m_model->preset() != &preset)
        m_model->replace(preset.recipe, tr("choose %1").arg(coreText(preset.title)));
}

void RecipeEditor::show()
{
    showPreset();
    if (showRows())
        chainTabs();
    if (m_solo != 0 && m_model->place(m_solo) < 0)
        setSolo(0);
}

void RecipeEditor::showPreset()
{
    const auto presets = augment::presets();
    const auto count = static_cast<int>(presets.size());
    const augment::Preset* preset = m_model->preset();
    const bool ownShown = m_presets->count() > count;
    if (!preset && !ownShown)
        m_presets->addItem(tr("Your own"));
    else if (preset && ownShown)
        m_presets->removeItem(count);
    m_presets->setCurrentIndex(preset ? static_cast<int>(preset - presets.data()) : count);
    const QString sentence =
        preset ? coreText(preset->sentence) : tr("Made by you, and kept in this project.");
    m_sentence->setText(sentence);
}

bool RecipeEditor::showRows()
{
    bool moved = false;
    std::erase_if(m_rows, [this, &moved](const auto& entry) {
        if (m_model->place(entry.first) >= 0)
            return false;
        m_column->removeWidget(entry.second);
        entry.second->hide();
        entry.second->deleteLater();
        return moved = true;
    });
    for (std::size_t place = 0; place < m_model->size(); ++place) {
        const int number = m_model->number(place);
        auto found = m_rows.find(number);
        if (found == m_rows.end())
            found = m_rows.emplace(number, makeRow(number)).first;
        OpRow* row = found->second;
        const auto at = static_cast<int>(place);
        if (m_column->indexOf(row) != at) {
            m_column->removeWidget(row);
            m_column->insertWidget(at, row);
            moved = true;
        }
        row->setFirst(place == 0);
        row->setStep(m_model->step(place));
    }
    m_nothing->setVisible(m_model->size() == 0);
    return moved;
}

OpRow* RecipeEditor::makeRow(int number)
{
    const auto place = static_cast<std::size_t>(m_model->place(number));
    auto* row = new OpRow(*augment::findOp(m_model->step(place).op), m_list);
    connect(row, &OpRow::enabledChanged, this,
            [this, number](bool enabled) { m_model->setEnabled(number, enabled); });
    connect(row, &OpRow::probabilityChanged, this,
            [this, number](double probability) { m_model->setProbability(number, probability); });
    connect(row, &OpRow::settingChanged, this, [this, number](int parameter, double value) {
        m_model->setSetting(number, static_cast<std::size_t>(parameter), value);
    });
    connect(row, &OpRow::soloToggled, this, [this, number](bool solo) { setSolo(solo ? number : 0); });
    connect(row, &OpRow::removed, this, [this, number] { m_model->remove(number); });
    connect(row, &OpRow::shifted, this, [this, number](int places) { shift(number, places); });
    connect(row, &OpRow::draggedTo, this, [this, number](int globalY) { drag(number, globalY); });
    return row;
}

/// Tab goes through the rows as they stand, not as they were made.
void RecipeEditor::chainTabs()
{
    QWidget* last = m_add;
    for (std::size_t place = 0; place < m_model->size(); ++place) {
        for (QWidget* widget : row(static_cast<int>(place))->findChildren<QWidget*>()) {
            if (!(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy())
                continue;
            setTabOrder(last, widget);
            last = widget;
        }
    }
}

void RecipeEditor::drag(int number, int globalY)
{
    const int y = m_list->mapFromGlobal(QPoint(0, globalY)).y();
    int place = 0;
    for (const auto& [other, row] : m_rows)
        place += other != number && row->geometry().center().y() < y ? 1 : 0;
    m_model->move(number, place);
    m_scroll->ensureVisible(0, m_list->y() + y);
}

void RecipeEditor::shift(int number, int places)
{
    m_model->move(number, m_model->place(number) + places);
    // Once the layout knows where it is now.
    QTimer::singleShot(0, m_rows[number],
                       [this, row = m_rows[number]] { m_scroll->ensureWidgetVisible(row); });
}

OpRow* RecipeEditor::row(int place) const
{
    return m_rows.at(m_model->number(static_cast<std::size_t>(place)));
}

void RecipeEditor::setSolo(int number)
{
    if (number == m_solo)
        return;
    for (const auto& [other, row] : m_rows)
        row->setSolo(other == number);
    m_solo = number;
    emit soloChanged();
}

} // namespace graft::ui
