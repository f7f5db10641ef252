#include "ui/widgets/drop_area.h"

#include "ui/picture_input.h"
#include "ui/theme.h"

#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr QSize drawingSize(200, 104); // pixels, as are all below
constexpr int sideMargin = 80;
constexpr int busyWidth = 320;

/// Drawn anew for each paint, so that it keeps up with the theme.
class Drawing : public QWidget
{
public:
    explicit Drawing(const char* name)
        : m_icon(icon(name, Ink::Accent))
    {
        setFixedSize(drawingSize);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        m_icon.paint(&painter, rect());
    }

private:
    QIcon m_icon;
};

QLabel* centredLabel(const QString& text, const char* role)
{
    auto* label = new QLabel(text);
    label->setProperty("role", QLatin1String(role));
    label->setAlignment(Qt::AlignCenter);
    return label;
}

} // namespace

DropArea::DropArea(const char* drawing, const QString& title, const QString& sentence, QWidget* parent)
    : QFrame(parent)
    , m_stack(new QStackedLayout(this))
{
    m_stack->addWidget(makeIdle(drawing, title));
    m_stack->addWidget(makeBusy());
    setAcceptDrops(true);
    setAccessibleName(title);
    setSentence(sentence);
}

QWidget* DropArea::makeIdle(const char* drawing, const QString& title)
{
    auto* page = new QWidget;
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(8);
    m_sentence = centredLabel({}, "muted");
    m_sentence->setWordWrap(true);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(sideMargin, 24, sideMargin, 24);
    column->setSpacing(0);
    column->addStretch();
    column->addWidget(new Drawing(drawing), 0, Qt::AlignHCenter);
    column->addSpacing(16);
    column->addWidget(centredLabel(title, "h2"), 0, Qt::AlignHCenter);
    column->addWidget(m_sentence);
    column->addSpacing(24);
    column->addLayout(m_buttons);
    column->addStretch();
    m_buttons->addStretch();
    m_buttons->addStretch();
    return page;
}

QWidget* DropArea::makeBusy()
{
    auto* page = new QWidget;
    m_busyText = centredLabel(QString(), "h2");
    m_busyBar = new QProgressBar;
    m_busyBar->setTextVisible(false);
    m_busyBar->setFixedWidth(busyWidth);
    auto* stop = new QPushButton(icon("stop"), tr("Stop"));
    connect(stop, &QPushButton::clicked, this, &DropArea::stopRequested);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(24);
    column->addStretch();
    column->addWidget(m_busyText);
    column->addWidget(m_busyBar, 0, Qt::AlignHCenter);
    column->addWidget(stop, 0, Qt::AlignHCenter);
    column->addStretch();
    return page;
}

void DropArea::setSentence(const QString& sentence)
{
    m_sentence->setText(sentence);
    setAccessibleDescription(sentence);
}

void DropArea::addButton(QPushButton* button)
{
    m_buttons->insertWidget(m_buttons->count() - 1, button);
}

void DropArea::setBusy(const QString& text, qint64 done, qint64 total)
{
    m_busyText->setText(total > 0 ? tr("%1, %L2 of %L3").arg(text).arg(done).arg(total) : text);
    // A range in thousandths: counts may be bigger than an int.
    m_busyBar->setRange(0, total > 0 ? 1000 : 0);
    if (total > 0)
        m_busyBar->setValue(static_cast<int>(done * 1000 / total));
    m_stack->setCurrentIndex(1);
}

void DropArea::setIdle()
{
    m_stack->setCurrentIndex(0);
}

bool DropArea::isBusy() const
{
    return m_stack->currentIndex() == 1;
}

void DropArea::dragEnterEvent(QDragEnterEvent* event)
{
    if (isBusy() || localPaths(event->mimeData()).isEmpty())
        return;
    event->acceptProposedAction();
    setTargeted(true);
}

void DropArea::dragLeaveEvent(QDragLeaveEvent*)
{
    setTargeted(false);
}

void DropArea::dropEvent(QDropEvent* event)
{
    setTargeted(false);
    const QStringList paths = localPaths(event->mimeData());
    if (isBusy() || paths.isEmpty())
        return;
    event->acceptProposedAction();
    emit dropped(paths);
}

void DropArea::setTargeted(bool targeted)
{
    m_targeted = targeted;
    update();
}

void DropArea::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(m_targeted ? colours().accent : colours().control, 2);
    pen.setDashPattern({3.0, 2.0});
    painter.setPen(pen);
    painter.setBrush(m_targeted ? colours().selection : colours().surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
}

} // namespace graft::ui
