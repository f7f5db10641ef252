#pragma once
#include <QIcon>
#include <QStyledItemDelegate>

namespace graft::ui {

/// A row of the class list: mark, name, warning chip, count.
class ClassDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit ClassDelegate(QObject* parent = nullptr);

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    QIcon m_all;
    QIcon m_warning;
};

} // namespace graft::ui
