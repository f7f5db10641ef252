#pragma once
#include <QIcon>
#include <QStyledItemDelegate>

namespace graft::ui {

/// The rows of a RaceModel: mark and number of the strategy, its layers, shares, and how far it is.
class RaceDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit RaceDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintStrategy(QPainter& painter, const QRectF& cell, const QModelIndex& index) const;
    void paintState(QPainter& painter, const QRectF& cell, const QModelIndex& index) const;

    QIcon m_done;
    QIcon m_failed;
};

} // namespace graft::ui
