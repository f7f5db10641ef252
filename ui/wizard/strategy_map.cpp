#include "ui/wizard/strategy_map.h"

#include "ui/theme.h"
#include "ui/wizard/strategy_quadrant.h"
#include "ui/wizard/strategy_words.h"

#include <QButtonGroup>
#include <QEvent>
#include <QGridLayout>
#include <QPainter>
#include <QRadioButton>
#include <QStyle>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int Between = 8; // pixels

/// "less <- what -> more", along one side of the map.
class AxisLabel : public QWidget
{
public:
    AxisLabel(const QString& less, const QString& what, const QString& more, Qt::Orientation orientation)
        : m_less(less)
        , m_what(what)
        , m_more(more)
        , m_orientation(orientation)
    {
        setAccessibleName(what);
    }

    QSize sizeHint() const override
    {
        const QSize size(200, fontMetrics().height() + 4);
        return m_orientation == Qt::Horizontal ? size : size.transposed();
    }

    QSize minimumSizeHint() const override
    {
        return m_orientation == Qt::Horizontal ? QSize(0, sizeHint().height()) : QSize(sizeHint().width(), 0);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        double length = width();
        if (m_orientation == Qt::Vertical) {
            painter.translate(0, height());
            painter.rotate(-90);
            length = height();
        }
        const double high = m_orientation == Qt::Horizontal ? height() : width();
        QFont caption = font();
        caption.setPointSizeF(font().pointSizeF() * 0.9);
        QFont strong = caption;
        strong.setBold(true);
        const QString before = m_less + QStringLiteral("   \u2190   ");
        const QString after = QStringLiteral("   \u2192   ") + m_more;
        const double middle = QFontMetricsF(strong).horizontalAdvance(m_what);
        double x = (length - middle) / 2.0;
        painter.setFont(caption);
        painter.setPen(colours().text2);
        painter.drawText(QRectF(0.0, 0.0, x, high), Qt::AlignRight | Qt::AlignVCenter, before);
        painter.drawText(QRectF(x + middle, 0.0, length - x - middle, high), Qt::AlignLeft | Qt::AlignVCenter,
                         after);
        painter.setFont(strong);
        painter.setPen(colours().text);
        painter.drawText(QRectF(x, 0.0, middle + 1.0, high), Qt::AlignCenter, m_what);
    }

private:
    QString m_less;
    QString m_what;
    QString m_more;
    Qt::Orientation m_orientation;
};

void setLook(QWidget* widget, const char* property, const QVariant& value)
{
    if (widget->property(property) == value)
        return;
    widget->setProperty(property, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace

/// The dot and its error cross, above the quadrants.
class StrategyMap::Overlay : public QWidget
{
public:
    /// `quadrants` in the order of strategyPlaces.
    Overlay(const std::vector<Quadrant*>& quadrants, QWidget* parent)
        : QWidget(parent)
        , m_quadrants(quadrants)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setFocusPolicy(Qt::NoFocus);
        hide();
    }

    void setPlace(const std::optional<Place>& place)
    {
        m_place = place;
        setVisible(place.has_value());
        update();
    }

    /// Where such pictures lie; both -1 to 1. Between the words and the drawings of the quadrants, so that
    /// the dot covers neither.
    QPointF at(double similar, double many) const
    {
        constexpr double edge = Radius + 2.0;
        const double right = (std::clamp(similar, -1.0, 1.0) + 1.0) / 2.0;
        return {edge + right * (width() - 2.0 * edge), heightOf(std::clamp(many, -1.0, 1.0), edge)};
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        if (!m_place)
            return;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Colours& c = colours();
        constexpr double serif = 4.0;
        const QPointF dot = at(m_place->similar, m_place->many);
        const double left = at(m_place->similar - m_place->similarError, m_place->many).x();
        const double right = at(m_place->similar + m_place->similarError, m_place->many).x();
        const double top = at(m_place->similar, m_place->many + m_place->manyError).y();
        const double bottom = at(m_place->similar, m_place->many - m_place->manyError).y();
        painter.setPen(QPen(c.text, 1.5));
        painter.drawLine(QPointF(left, dot.y()), QPointF(right, dot.y()));
        painter.drawLine(QPointF(dot.x(), top), QPointF(dot.x(), bottom));
        for (const double end : {left, right})
            painter.drawLine(QPointF(end, dot.y() - serif), QPointF(end, dot.y() + serif));
        for (const double end : {top, bottom})
            painter.drawLine(QPointF(dot.x() - serif, end), QPointF(dot.x() + serif, end));
        painter.setPen(QPen(c.surface, 2.5));
        painter.setBrush(c.text);
        painter.drawEllipse(dot, Radius + 1.0, Radius + 1.0);
        paintName(painter, dot, left, right);
    }

private:
    static constexpr double Radius = 8.0; // pixels

    /// `apart` pixels from what is above and below, where there is room.
    double heightOf(double many, double apart) const
    {
        const bool isUpper = many >= 0.0;
        double top = 0.0;
        double bottom = height();
        for (std::size_t i = 0; i < m_quadrants.size(); ++i) {
            if ((strategyPlaces[i].row == 0) != isUpper)
                continue;
            const QRect room = m_quadrants[i]->room().translated(m_quadrants[i]->pos());
            top = std::max(top, static_cast<double>(room.top()));
            bottom = std::min(bottom, static_cast<double>(room.bottom() + 1));
        }
        const double middle = (top + bottom) / 2.0;
        top = std::min(top + apart, middle);
        bottom = std::max(bottom - apart, middle);
        return bottom - (isUpper ? many : many + 1.0) * (bottom - top);
    }

    /// Beside the cross, inside the dot's own quadrant; above the dot where neither side has room.
    void paintName(QPainter& painter, const QPointF& dot, double left, double right)
    {
        QFont caption = font();
        caption.setPointSizeF(font().pointSizeF() * 0.9);
        caption.setBold(true);
        painter.setFont(caption);
        const QString name = StrategyMap::tr("Your pictures");
        const QFontMetricsF metrics(caption);
        constexpr double gap = 6.0;
        const double half = width() / 2.0;
        const double begin = dot.x() < half ? gap : half + gap;
        const double end = begin + half - 2.0 * gap;
        QRectF box(0.0, 0.0, metrics.horizontalAdvance(name) + 1.0, metrics.height());
        box.moveCenter(dot);
        if (left - gap - box.width() >= begin) {
            box.moveRight(left - gap);
        } else if (right + gap + box.width() <= end) {
            box.moveLeft(right + gap);
        } else {
            box.moveLeft(std::clamp(dot.x() + gap + 2.0, begin, std::max(begin, end - box.width())));
            box.moveBottom(dot.y() - 2.0 * gap);
        }
        painter.setPen(colours().text);
        painter.drawText(box, Qt::AlignCenter, name);
    }

    std::vector<Quadrant*> m_quadrants;
    std::optional<Place> m_place;
};

StrategyMap::StrategyMap(QWidget* parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
    , m_field(new QWidget)
{
    auto* places = new QGridLayout(m_field);
    places->setContentsMargins(0, 0, 0, 0);
    places->setSpacing(Between);
    for (const StrategyPlace& place : strategyPlaces) {
        auto* quadrant = new Quadrant(place.id);
        places->addWidget(quadrant, place.row, place.column);
        places->setColumnStretch(place.column, 1);
        places->setRowStretch(place.row, 1);
        m_group->addButton(quadrant->button(), static_cast<int>(m_quadrants.size()));
        m_quadrants.push_back(quadrant);
    }
    m_overlay = new Overlay(m_quadrants, m_field);
    m_field->installEventFilter(this);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(Between);
    grid->addWidget(m_field, 0, 1);
    grid->setRowStretch(0, 1);
    grid->setColumnStretch(1, 1);
    addAxes(grid);
    setAccessibleName(tr("Map of the four strategies"));
    connect(m_group, &QButtonGroup::idToggled, this, &StrategyMap::showChosen);
    connect(m_group, &QButtonGroup::idClicked, this,
            [this](int id) { emit chosenByHand(m_quadrants[static_cast<std::size_t>(id)]->strategy()); });
}

void StrategyMap::addAxes(QGridLayout* grid)
{
    grid->addWidget(new AxisLabel(tr("fewer"), tr("How many pictures"), tr("more"), Qt::Vertical), 0, 0);
    grid->addWidget(
        new AxisLabel(tr("different"), tr("How similar to ImageNet"), tr("similar"), Qt::Horizontal), 1, 1);
}

std::string StrategyMap::chosen() const
{
    const int id = m_group->checkedId();
    return id < 0 ? std::string() : m_quadrants[static_cast<std::size_t>(id)]->strategy();
}

void StrategyMap::choose(const std::string& strategy)
{
    for (Quadrant* quadrant : m_quadrants) {
        if (quadrant->strategy() == strategy)
            quadrant->button()->setChecked(true);
    }
}

void StrategyMap::showChosen()
{
    for (Quadrant* quadrant : m_quadrants)
        setLook(quadrant, "choice",
                quadrant->button()->isChecked() ? QStringLiteral("chosen") : QStringLiteral("open"));
}

void StrategyMap::setRecommended(const std::string& strategy)
{
    for (Quadrant* quadrant : m_quadrants)
        quadrant->setRecommended(quadrant->strategy() == strategy);
}

void StrategyMap::setFromZero(bool fromZero)
{
    for (Quadrant* quadrant : m_quadrants)
        quadrant->setFromZero(fromZero);
}

void StrategyMap::setCutNote(const QString& note)
{
    for (Quadrant* quadrant : m_quadrants) {
        if (quadrant->strategy() == "svm")
            quadrant->setNote(note);
    }
}

void StrategyMap::setPlace(const std::optional<Place>& place)
{
    m_overlay->setPlace(place);
    QString text;
    if (place) {
        const QString many = place->many < 0.0 ? tr("few pictures") : tr("many pictures");
        const QString similar = place->similar < 0.0 ? tr("unlike ImageNet") : tr("similar to ImageNet");
        text = tr("Your pictures: %1, %2").arg(many, similar);
    }
    setAccessibleDescription(text);
}

QPointF StrategyMap::at(double similar, double many) const
{
    return m_overlay->mapTo(this, QPoint()) + m_overlay->at(similar, many);
}

QWidget* StrategyMap::firstFocus() const
{
    const int id = std::max(0, m_group->checkedId());
    return m_quadrants[static_cast<std::size_t>(id)]->button();
}

bool StrategyMap::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_field && event->type() == QEvent::Resize) {
        m_overlay->setGeometry(m_field->rect());
        m_overlay->raise();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace graft::ui
