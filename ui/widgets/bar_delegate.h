#pragma once
#include <QStyledItemDelegate>

namespace graft::ui {

/// Cells with a share (AnswerModel::ShareRole): a bar with its per cent. Other cells are drawn as usual.
class BarDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    enum class Look {
        Thin, ///< a line of a table
        Thick, ///< the first row, the answer, in the accent colour
    };

    explicit BarDelegate(Look look, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    Look m_look;
};

} // namespace graft::ui
