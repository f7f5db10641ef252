#include "ui/widgets/navigation.h"

#include "ui/theme.h"
#include "ui/widgets/two_line.h"

#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int wide = 208; // pixels, as are all below
constexpr int narrow = 176;
constexpr int logoSize = 24;
constexpr int arrowSize = 16;

/// Logo, name, arrow.
class ProjectButton : public QToolButton
{
public:
    ProjectButton()
        : m_logo(graft::ui::icon("logo"))
        , m_arrow(graft::ui::icon("down"))
    {
        setPopupMode(QToolButton::InstantPopup);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        setMinimumHeight(40);
        setAttribute(Qt::WA_Hover);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (underMouse() || hasFocus()) {
            painter.setPen(hasFocus() ? QPen(colours().accent, 2) : QPen(Qt::NoPen));
            painter.setBrush(underMouse() ? QBrush(colours().selection) : QBrush(Qt::NoBrush));
            painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
        }
        QRect inner = rect().adjusted(8, 0, -8, 0);
        m_logo.paint(&painter, inner.left(), (height() - logoSize) / 2, logoSize, logoSize);
        m_arrow.paint(&painter, inner.right() - arrowSize + 1, (height() - arrowSize) / 2, arrowSize,
                      arrowSize);
        inner.adjust(logoSize + 8, 0, -arrowSize - 8, 0);
        QFont bold = font();
        bold.setBold(true);
        painter.setFont(bold);
        painter.setPen(colours().text);
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetrics(bold).elidedText(text(), Qt::ElideRight, inner.width()));
    }

private:
    QIcon m_logo;
    QIcon m_arrow;
};

} // namespace

Navigation::Navigation(QWidget* parent)
    : QFrame(parent)
    , m_project(new ProjectButton)
    , m_model(new QStandardItemModel(this))
    , m_delegate(new TwoLineDelegate(TwoLineDelegate::Look::Navigation, this))
    , m_list(new QListView)
{
    setProperty("navigation", true);
    m_list->setProperty("bare", true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setModel(m_model);
    m_list->setItemDelegate(m_delegate);
    m_list->setSpacing(2);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Pages"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 8, 6, 8);
    column->setSpacing(10);
    column->addWidget(m_project);
    column->addWidget(m_list, 1);
    setFixedWidth(wide);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (index.isValid())
                    emit chosen(index.row());
            });
}

void Navigation::setProject(const QString& name, QMenu* menu)
{
    m_project->setText(name);
    m_project->setToolTip(name);
    m_project->setAccessibleName(tr("Project %1").arg(name));
    m_project->setMenu(menu);
}

void Navigation::addPage(const char* iconName, const QString& title)
{
    auto* item = new QStandardItem(icon(iconName, Ink::Text2), title);
    item->setData(icon(iconName, Ink::Accent), CurrentIconRole);
    m_model->appendRow(item);
}

void Navigation::setHint(int page, const QString& hint)
{
    QStandardItem* item = m_model->item(page);
    if (item->data(HintRole).toString() == hint)
        return;
    item->setData(hint, HintRole);
    item->setToolTip(hint);
    item->setData(item->text() + QStringLiteral(", ") + hint, Qt::AccessibleTextRole);
}

void Navigation::setCurrent(int page)
{
    m_list->setCurrentIndex(m_model->index(page, 0));
}

void Navigation::setNarrow(bool isNarrow)
{
    m_delegate->setHints(!isNarrow);
    setFixedWidth(isNarrow ? narrow : wide);
    m_list->doItemsLayout();
}

} // namespace graft::ui
