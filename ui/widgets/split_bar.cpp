#include "ui/widgets/split_bar.h"

#include "ui/models/words.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QGridLayout>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <array>

namespace graft::ui {

namespace {

constexpr int BarHeight = 16;

void hatch(QPainter& painter, const QRectF& box, const QColor& light, const QColor& dark)
{
    painter.fillRect(box, light);
    painter.save();
    painter.setClipRect(box);
    painter.setPen(QPen(dark, 3.0));
    constexpr double step = 7.0;
    for (double x = box.left() - box.height(); x < box.right(); x += step)
        painter.drawLine(QPointF(x, box.top()), QPointF(x + box.height(), box.bottom()));
    painter.restore();
}

} // namespace

SplitBar::SplitBar(QWidget* parent)
    : QWidget(parent)
{
    setFixedHeight(BarHeight);
    setAccessibleName(tr("Split"));
}

void SplitBar::setCounts(const dataset::ClassCount& counts)
{
    m_counts = counts;
    update();
}

QSize SplitBar::sizeHint() const
{
    return {160, BarHeight};
}

void SplitBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colours& c = colours();
    const QRectF all = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath round;
    round.addRoundedRect(QRectF(rect()), 3.0, 3.0);
    painter.setClipPath(round);

    const int total = m_counts.training + m_counts.validation + m_counts.test;
    if (total == 0) {
        painter.fillRect(rect(), c.track);
        return;
    }
    constexpr double gap = 2.0;
    double left = all.left();
    const auto next = [&](int count) {
        const double width = all.width() * count / total;
        const QRectF part(left, all.top(), std::max(0.0, width - gap), all.height());
        left += width;
        return part;
    };
    painter.fillRect(next(m_counts.training), c.accent);
    hatch(painter, next(m_counts.validation), c.training.lighter(c.dark ? 70 : 160), c.training);
    if (m_counts.test > 0) {
        painter.setPen(QPen(c.text2, 1.0));
        painter.setBrush(c.surface);
        painter.drawRect(next(m_counts.test));
    }
}

SplitCard::SplitCard(QWidget* parent)
    : QFrame(parent)
    , m_bar(new SplitBar)
{
    setProperty("card", true);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(12, 12, 12, 12);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(2);
    grid->addWidget(m_bar, 0, 0, 1, 3);
    grid->setRowMinimumHeight(1, 4);
    grid->setColumnStretch(0, 1);
    const std::array<QString, 3> names {tr("Training"), tr("Validation"), tr("Test, kept secret")};
    for (int i = 0; i < 3; ++i) {
        m_numbers[i] = makeLabel("");
        m_shares[i] = makeLabel("caption");
        m_numbers[i]->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_shares[i]->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_shares[i]->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("100 %")) + 8);
        QLabel* name = makeLabel("", names[static_cast<std::size_t>(i)]);
        name->setWordWrap(true);
        grid->addWidget(name, i + 2, 0);
        grid->addWidget(m_numbers[i], i + 2, 1);
        grid->addWidget(m_shares[i], i + 2, 2);
    }
    grid->setColumnStretch(0, 1);
}

void SplitCard::setCounts(const dataset::ClassCount& counts)
{
    m_bar->setCounts(counts);
    const std::array<int, 3> parts {counts.training, counts.validation, counts.test};
    const int total = parts[0] + parts[1] + parts[2];
    QStringList spoken;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        m_numbers[i]->setText(QLocale().toString(parts[i]));
        m_shares[i]->setText(total > 0 ? percent(static_cast<double>(parts[i]) / total) : QString());
        spoken.append(m_numbers[i]->text());
    }
    m_bar->setAccessibleDescription(
        tr("%1 for training, %2 for validation, %3 for the test").arg(spoken[0], spoken[1], spoken[2]));
}

} // namespace graft::ui
