#include "ui/widgets/picture_chooser.h"

#include "ui/models/picture_model.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/thumbnail_loader.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QIdentityProxyModel>
#include <QListView>
#include <QStyledItemDelegate>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int thumbnailSide = 48; // pixels
constexpr int shownSide = 24;
constexpr qsizetype thumbnailMemory = 8LL << 20U; // bytes: about 800 pictures
constexpr int shownRows = 16;

class WithThumbnails : public QIdentityProxyModel
{
public:
    WithThumbnails(PictureModel* pictures, ThumbnailLoader* thumbnails, QObject* parent)
        : QIdentityProxyModel(parent)
        , m_pictures(pictures)
        , m_thumbnails(thumbnails)
    {
        setSourceModel(pictures);
    }

    QVariant data(const QModelIndex& index, int role) const override
    {
        if (role != Qt::DecorationRole || !index.isValid())
            return QIdentityProxyModel::data(index, role);
        const QPixmap found = m_thumbnails->pixmap(m_pictures->picture(index.row()).path);
        if (found.isNull())
            return m_thumbnails->problem(m_pictures->picture(index.row()).path).isEmpty()
                ? QVariant()
                : QVariant(icon("error", Ink::Error));
        const int side =
            std::min(found.width(), found.height()); // squares, so that names stand below one another
        return QIcon(found.copy((found.width() - side) / 2, (found.height() - side) / 2, side, side));
    }

private:
    PictureModel* m_pictures;
    ThumbnailLoader* m_thumbnails;
};

} // namespace

PictureChooser::PictureChooser(PictureModel* pictures, QWidget* parent)
    : QWidget(parent)
    , m_pictures(pictures)
    , m_thumbnails(new ThumbnailLoader(thumbnailSide, 1, thumbnailMemory, this))
    , m_before(makeIconButton("left", tr("The picture before")))
    , m_list(new QComboBox)
    , m_after(makeIconButton("right", tr("The next picture")))
{
    auto* view = new QListView(m_list);
    view->setUniformItemSizes(true); // else it would ask for the thumbnails of all rows
    m_list->setView(view);
    m_list->setItemDelegate(new QStyledItemDelegate(m_list)); // which the style sheet reaches
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_list->setMinimumContentsLength(6);
    m_list->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_list->setMaxVisibleItems(shownRows);
    m_list->setProperty("long", true);
    m_list->setIconSize(QSize(shownSide, shownSide));
    m_list->setModel(new WithThumbnails(pictures, m_thumbnails, this));
    m_list->setObjectName(QStringLiteral("picture"));
    m_list->setAccessibleName(tr("Picture"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_before);
    row->addWidget(m_list, 1);
    row->addWidget(m_after);
    connect(m_before, &QToolButton::clicked, this, [this] { step(-1); });
    connect(m_after, &QToolButton::clicked, this, [this] { step(1); });
    connect(m_list, &QComboBox::activated, this, [this](int chosenRow) {
        showEnds();
        emit chosen(chosenRow);
    });
    connect(m_thumbnails, &ThumbnailLoader::loaded, this, [this, view] {
        view->viewport()->update();
        m_list->update();
    });
    connect(pictures, &PictureModel::modelReset, this, &PictureChooser::showEnds);
}

int PictureChooser::current() const
{
    return m_list->currentIndex();
}

void PictureChooser::setCurrent(int row)
{
    m_list->setCurrentIndex(row);
    showEnds();
}

void PictureChooser::step(int by)
{
    const int next = std::clamp(current() + by, 0, m_list->count() - 1);
    if (next == current())
        return;
    setCurrent(next);
    emit chosen(next);
}

void PictureChooser::forget()
{
    m_thumbnails->forget();
}

void PictureChooser::showEnds()
{
    const int row = current();
    m_before->setEnabled(row > 0);
    m_after->setEnabled(row + 1 < m_list->count());
    m_list->setToolTip(row < 0 ? QString() : m_list->itemData(row, Qt::ToolTipRole).toString());
}

} // namespace graft::ui
