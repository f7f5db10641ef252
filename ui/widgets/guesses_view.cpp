#include "ui/widgets/guesses_view.h"

#include "ui/models/words.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/picture_delegate.h"
#include "ui/widgets/thumbnail_loader.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int Shown = 5;
constexpr int ThumbnailSide = 256; // pixels
constexpr qsizetype ThumbnailMemory = 8LL << 20U; // bytes
constexpr double PictureRatio = 72.0 / 88.0; // height to width

QFont captionFont(const QFont& font)
{
    QFont caption = font;
    caption.setPointSizeF(font.pointSizeF() * 0.9);
    return caption;
}

} // namespace

GuessTile::GuessTile(ThumbnailLoader* loader, QWidget* parent)
    : QWidget(parent)
    , m_loader(loader)
    , m_right(icon("check", Ink::Accent))
    , m_wrong(icon("close", Ink::Error))
    , m_broken(icon("error", Ink::Error))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void GuessTile::setGuess(const std::filesystem::path& picture, const QString& predicted, const QString& truth,
                         double probability)
{
    m_picture = picture;
    m_predicted = predicted;
    m_truth = truth;
    m_probability = probability;
    const QString spoken = predicted == truth
        ? tr("%1, right, %2 sure").arg(predicted, percent(probability))
        : tr("%1, wrong, %2 sure: it is %3").arg(predicted, percent(probability), truth);
    setAccessibleName(spoken);
    setToolTip(fileName(picture) + QLatin1Char('\n') + spoken);
    update();
}

QSize GuessTile::sizeHint() const
{
    return {88, static_cast<int>(88 * PictureRatio) + 2 * fontMetrics().height() + 20};
}

QSize GuessTile::minimumSizeHint() const
{
    return {64, static_cast<int>(64 * PictureRatio) + 2 * fontMetrics().height() + 20};
}

void GuessTile::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colours& c = colours();
    const bool right = m_predicted == m_truth;
    const int line = fontMetrics().height();
    const double space = height() - 2.0 * line - 18.0;
    const QRectF picture(0.0, 0.0, width(), std::min(width() * PictureRatio, space));
    if (m_loader->problem(m_picture).isEmpty())
        paintCover(painter, picture, m_loader->pixmap(m_picture));
    else
        paintBrokenTile(painter, picture, m_broken);

    const QRect name(0, static_cast<int>(picture.bottom()) + 4, width(), line);
    (right ? m_right : m_wrong).paint(&painter, QRect(0, name.center().y() - 6, 14, 14));
    painter.setFont(captionFont(font()));
    painter.setPen(c.text);
    painter.drawText(name.adjusted(18, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_predicted, Qt::ElideRight, width() - 18));

    const QRectF track(0.0, name.bottom() + 4.0, width(), 4.0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(c.track);
    painter.drawRoundedRect(track, 2.0, 2.0);
    painter.setBrush(right ? c.text2 : c.errorText);
    painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(track.width() * m_probability, track.height())),
                            2.0, 2.0);

    const QString below = right ? tr("%1 sure").arg(percent(m_probability))
                                : tr("is %1, %2").arg(m_truth, percent(m_probability));
    painter.setPen(c.text2);
    painter.drawText(QRectF(0.0, track.bottom() + 4.0, width(), line), Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(below, Qt::ElideRight, width()));
}

GuessesView::GuessesView(QWidget* parent)
    : QFrame(parent)
    , m_loader(new ThumbnailLoader(ThumbnailSide, 1, ThumbnailMemory, this))
    , m_row(new QHBoxLayout)
    , m_none(makeLabel("muted", tr("They come after the first epoch.")))
{
    setProperty("card", true);
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel("strong", tr("Guesses on validation pictures")));
    head->addStretch();
    head->addWidget(makeLabel("caption", tr("after each epoch")));
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(16, 12, 16, 12);
    rows->setSpacing(8);
    rows->addLayout(head);
    rows->addWidget(m_none);
    rows->addLayout(m_row);
    rows->addStretch(1);
    m_row->setSpacing(8);
    m_none->setWordWrap(true);
    for (int i = 0; i < Shown; ++i) {
        m_tiles.push_back(new GuessTile(m_loader));
        m_row->addWidget(m_tiles.back());
    }
    connect(m_loader, &ThumbnailLoader::loaded, this, [this] {
        for (GuessTile* tile : m_tiles)
            tile->update();
    });
    setGuesses({}, {});
}

void GuessesView::setGuesses(const Guesses& guesses, const std::vector<std::string>& classes)
{
    m_none->setVisible(guesses.guesses.empty());
    const auto name = [&classes](int label) {
        const auto at = static_cast<std::size_t>(label);
        return label >= 0 && at < classes.size() ? QString::fromStdString(classes[at])
                                                 : QString::number(label + 1);
    };
    for (std::size_t i = 0; i < m_tiles.size(); ++i) {
        m_tiles[i]->setVisible(i < guesses.guesses.size());
        if (i < guesses.guesses.size()) {
            const Guesses::Guess& guess = guesses.guesses[i];
            m_tiles[i]->setGuess(guess.path, name(guess.predicted), name(guess.truth), guess.probability);
        }
    }
}

} // namespace graft::ui
