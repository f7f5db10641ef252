#include "ui/wizard/strategy_quadrant.h"

#include "ui/widgets/layer_drawing.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/strategy_words.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QRadioButton>

namespace graft::ui {

namespace {

constexpr int SmallestHeight = 144; // pixels

/// The layers of one strategy.
class Drawing : public QWidget
{
public:
    explicit Drawing(const std::string& strategy)
        : m_strategy(strategy)
    {
        setFixedSize(124, 34);
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }

    void setFromZero(bool fromZero)
    {
        m_fromZero = fromZero;
        update();
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        drawLayers(painter, rect(), m_strategy, m_fromZero, palette());
    }

private:
    std::string m_strategy;
    bool m_fromZero = true;
};

} // namespace

Quadrant::Quadrant(const char* strategy, QWidget* parent)
    : QFrame(parent)
    , m_strategy(strategy)
    , m_button(new QRadioButton)
    , m_chip(new QLabel(tr("Recommended")))
    , m_title(makeLabel("strong", placeTitle(m_strategy)))
    , m_note(makeLabel("caption"))
    , m_drawing(new Drawing(m_strategy))
{
    setProperty("choice", QStringLiteral("open"));
    setMinimumHeight(SmallestHeight);
    m_button->setText(QLocale().toString(strategyNumber(m_strategy)));
    QFont bold = m_button->font();
    bold.setBold(true);
    m_button->setFont(bold);
    m_chip->setProperty("chip", QStringLiteral("filled"));
    m_chip->hide();
    for (QLabel* label : {m_title, m_note})
        label->setWordWrap(true);
    m_note->hide();
    auto* head = new QHBoxLayout;
    head->addWidget(m_button, 1);
    head->addWidget(m_chip);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(16, 10, 14, 12);
    rows->setSpacing(4);
    rows->addLayout(head);
    rows->addWidget(m_title);
    rows->addWidget(m_note);
    rows->addStretch(1);
    rows->addWidget(m_drawing);
    describe();
}

void Quadrant::describe()
{
    QString name = tr("Strategy %1: %2").arg(m_button->text(), placeTitle(m_strategy));
    if (!m_chip->isHidden())
        name += tr(", recommended");
    m_button->setAccessibleName(name);
}

void Quadrant::setRecommended(bool recommended)
{
    m_chip->setVisible(recommended);
    describe();
}

void Quadrant::setFromZero(bool fromZero)
{
    static_cast<Drawing*>(m_drawing)->setFromZero(fromZero);
}

void Quadrant::setNote(const QString& note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

QRect Quadrant::room() const
{
    const QLabel* above = m_note->isHidden() ? m_title : m_note;
    return {QPoint(0, above->geometry().bottom() + 1), QPoint(width() - 1, m_drawing->y() - 1)};
}

void Quadrant::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_button->setFocus(Qt::MouseFocusReason);
    m_button->click();
}

} // namespace graft::ui
