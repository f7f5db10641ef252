#include "ui/widgets/parts.h"

#include <QButtonGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace graft::ui {

constexpr int RowHeight = 32;

QLabel* makeLabel(const char* role, const QString& text)
{
    auto* label = new QLabel(text);
    label->setProperty("role", QString::fromLatin1(role));
    label->setTextFormat(Qt::PlainText);
    return label;
}

QFrame* makeCard()
{
    auto* card = new QFrame;
    card->setProperty("card", true);
    return card;
}

QFrame* makeRule()
{
    auto* rule = new QFrame;
    rule->setProperty("line", true);
    rule->setFixedHeight(1);
    return rule;
}

QPushButton* makeButton(const char* iconName, const QString& text)
{
    auto* button = new QPushButton(text);
    if (*iconName != '\0')
        button->setIcon(icon(iconName));
    return button;
}

QToolButton* makeIconButton(const char* iconName, const QString& name)
{
    auto* button = new QToolButton;
    button->setIcon(icon(iconName));
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

QPushButton* makeFlatButton(const QString& text)
{
    auto* button = new QPushButton(text);
    button->setProperty("flat", true);
    button->setProperty("small", true);
    return button;
}

QButtonGroup* makeSegments(QHBoxLayout* row, const QStringList& texts, QWidget* owner)
{
    auto* group = new QButtonGroup(owner);
    auto* segments = new QHBoxLayout;
    segments->setSpacing(0);
    for (int i = 0; i < texts.size(); ++i) {
        auto* button = new QToolButton;
        button->setText(texts[i]);
        button->setCheckable(true);
        button->setChecked(i == 0);
        const char* place = i == 0 ? "first" : i + 1 == texts.size() ? "last" : "middle";
        button->setFocusPolicy(Qt::StrongFocus); // else the ring stays at the one that was left
        button->setProperty("segment", QString::fromLatin1(place));
        segments->addWidget(button);
        group->addButton(button, i);
    }
    row->addLayout(segments);
    return group;
}

void makePlain(QTableView* view)
{
    view->setShowGrid(false);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setWordWrap(false);
    view->setTabKeyNavigation(false);
    view->setFrameShape(QFrame::NoFrame);
    view->verticalHeader()->hide();
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->verticalHeader()->setDefaultSectionSize(RowHeight);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

IconLabel::IconLabel(int size, QWidget* parent)
    : QLabel(parent)
    , m_size(size)
{
    setFixedSize(size, size);
}

void IconLabel::standBeside(const QLabel& text)
{
    setFixedHeight(std::max(m_size, text.fontMetrics().height()));
}

void IconLabel::setIcon(const QIcon& icon)
{
    m_icon = icon;
    setPixmap(m_icon.pixmap(QSize(m_size, m_size), devicePixelRatioF()));
}

void IconLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        setIcon(m_icon);
}

void ElidedLabel::setFullText(const QString& text)
{
    if (text == m_text) // the page would be laid out anew
        return;
    m_text = text;
    setToolTip(text);
    setAccessibleName(text);
    elide();
    updateGeometry();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 6, QLabel::minimumSizeHint().height()};
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 4, QLabel::sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::elide()
{
    setText(fontMetrics().elidedText(m_text, Qt::ElideMiddle, width()));
}

} // namespace graft::ui
