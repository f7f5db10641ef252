#include "ui/widgets/op_row.h"

#include "ui/models/words.h"
#include "ui/widgets/param_form.h"
#include "ui/widgets/parts.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QMouseEvent>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>

#include <cmath>

namespace graft::ui {

namespace {

constexpr int rowHeight = 37; // pixels
constexpr int indent = 37; // of the settings: under the name

QToolButton* makeTool(const char* iconName, const QString& name)
{
    QToolButton* button = makeIconButton(iconName, name);
    button->setProperty("flat", true);
    button->setProperty("small", true);
    return button;
}

/// In percent, so that a person reads what the JSON calls 0.5.
ParamSpec chanceSpec()
{
    static const std::string title = OpRow::tr("Chance").toStdString();
    return {.id = "probability",
            .title = title,
            .unit = "%",
            .low = 0.0,
            .high = 100.0,
            .initial = 50.0,
            .step = 1.0,
            .identity = 0.0};
}

} // namespace

/// Tells where it is dragged to; with the keyboard, Alt+Up and Alt+Down of the row do the same.
class DragHandle : public QToolButton
{
public:
    explicit DragHandle(OpRow* row)
        : m_row(row)
    {
        setIcon(graft::ui::icon("handle", Ink::Text2));
        setProperty("flat", true);
        setProperty("small", true);
        setCursor(Qt::OpenHandCursor);
    }

protected:
    void mouseMoveEvent(QMouseEvent* event) override
    {
        if (event->buttons().testFlag(Qt::LeftButton))
            emit m_row->draggedTo(event->globalPosition().toPoint().y());
    }

private:
    OpRow* m_row;
};

OpRow::OpRow(const augment::OpSpec& op, QWidget* parent)
    : QFrame(parent)
    , m_op(op)
    , m_column(new QVBoxLayout(this))
    , m_header(makeHeader())
{
    setProperty("oprow", QStringLiteral("closed"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addWidget(m_header);
    for (const auto& [key, places] : {std::pair(Qt::Key_Up, -1), std::pair(Qt::Key_Down, 1)}) {
        auto* keys = new QShortcut(QKeySequence(Qt::ALT | key), this, nullptr, nullptr,
                                   Qt::WidgetWithChildrenShortcut);
        connect(keys, &QShortcut::activated, this, [this, places = places] { emit shifted(places); });
    }
}

QWidget* OpRow::makeHeader()
{
    const QString title = coreText(m_op.title);
    auto* handle = new DragHandle(this);
    handle->setToolTip(tr("Drag to another place, or press Alt+Up or Alt+Down"));
    handle->setAccessibleName(tr("Move %1").arg(title));
    m_enabled = new QCheckBox(title);
    m_enabled->setToolTip(coreText(m_op.sentence));
    m_chance = makeLabel("muted");
    m_opener = makeTool("right", tr("Settings of %1").arg(title));

    auto* header = new QWidget;
    header->setMinimumHeight(rowHeight);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(4, 0, 8, 0);
    row->setSpacing(4);
    row->addWidget(handle);
    row->addWidget(m_enabled);
    if (!m_op.labelHint.empty()) {
        auto* warning = new IconLabel(16);
        warning->setIcon(icon("warning", Ink::Text2)); // in full where the row is open: many have one
        warning->setToolTip(coreText(m_op.labelHint));
        warning->setAccessibleName(tr("Can change the label: %1").arg(coreText(m_op.labelHint)));
        row->addWidget(warning);
    }
    row->addStretch();
    row->addWidget(m_chance);
    row->addWidget(m_opener);
    connect(m_enabled, &QCheckBox::toggled, this, &OpRow::enabledChanged);
    connect(m_opener, &QToolButton::clicked, this, [this] { setOpen(!isOpen()); });
    return header;
}

QWidget* OpRow::makeBody()
{
    QLabel* sentence = makeLabel("muted", coreText(m_op.sentence));
    sentence->setWordWrap(true);
    std::vector<ParamSpec> specs {chanceSpec()};
    specs.insert(specs.end(), m_op.parameters.begin(), m_op.parameters.end());
    m_form = new ParamForm(std::move(specs));
    m_soloButton = makeTool("eye", tr("Show only this one in the tiles"));
    m_soloButton->setText(tr("Show alone"));
    m_soloButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_soloButton->setCheckable(true);
    QToolButton* remove = makeTool("close", tr("Remove %1").arg(coreText(m_op.title)));
    remove->setText(tr("Remove"));
    remove->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(4);
    buttons->addWidget(m_soloButton);
    buttons->addStretch();
    buttons->addWidget(remove);

    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(indent, 0, 12, 8);
    column->setSpacing(8);
    column->addWidget(sentence);
    column->addWidget(m_form);
    if (!m_op.labelHint.empty()) {
        QLabel* hint = makeLabel("warning", coreText(m_op.labelHint));
        hint->setWordWrap(true);
        column->addWidget(hint);
    }
    column->addLayout(buttons);
    connect(m_form, &ParamForm::changed, this, [this](int parameter, double value) {
        if (parameter == 0)
            emit probabilityChanged(value / 100.0);
        else
            emit settingChanged(parameter - 1, value);
    });
    connect(m_soloButton, &QToolButton::toggled, this, &OpRow::soloToggled);
    connect(remove, &QToolButton::clicked, this, &OpRow::removed);
    return body;
}

bool OpRow::isOpen() const
{
    return m_body && !m_body->isHidden();
}

void OpRow::setOpen(bool open)
{
    if (open == isOpen())
        return;
    if (!m_body) {
        m_body = makeBody();
        m_column->addWidget(m_body);
    }
    m_body->setVisible(open);
    m_opener->setIcon(icon(open ? "down" : "right"));
    QFont font = m_enabled->font();
    font.setBold(open);
    m_enabled->setFont(font);
    setProperty("oprow", open ? QStringLiteral("open") : QStringLiteral("closed"));
    polishAgain();
    showStep();
    emit opened(open);
}

void OpRow::setFirst(bool first)
{
    if (property("first").toBool() == first)
        return;
    setProperty("first", first);
    polishAgain();
}

void OpRow::polishAgain()
{
    style()->unpolish(this); // takes new properties in
    style()->polish(this);
}

void OpRow::setSolo(bool solo)
{
    m_solo = solo;
    showStep();
}

void OpRow::setStep(const augment::Step& step)
{
    m_step = step;
    showStep();
}

void OpRow::showStep()
{
    {
        const QSignalBlocker silent(m_enabled);
        m_enabled->setChecked(m_step.enabled);
    }
    m_chance->setText(m_step.enabled ? percent(m_step.probability) : tr("off"));
    if (!isOpen())
        return;
    std::vector<double> values {std::round(m_step.probability * 100.0)};
    values.insert(values.end(), m_step.settings.begin(), m_step.settings.end());
    m_form->setValues(values);
    const QSignalBlocker silent(m_soloButton);
    m_soloButton->setChecked(m_solo);
    m_soloButton->setEnabled(m_step.enabled);
}

void OpRow::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_header->geometry().contains(event->position().toPoint()))
        setOpen(!isOpen());
    QFrame::mouseReleaseEvent(event);
}

} // namespace graft::ui
