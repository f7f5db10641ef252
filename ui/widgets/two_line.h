#pragma once
#include <QStyledItemDelegate>

namespace graft::ui {

/// What a TwoLineDelegate shows beside DisplayRole and DecorationRole.
enum TwoLineRole {
    HintRole = Qt::UserRole + 1, ///< second line
    RightRole, ///< right end of the first line
    RightHintRole, ///< right end of the second line
    RightIsLinkRole, ///< bool: RightRole is in the accent colour
    CurrentIconRole, ///< instead of DecorationRole for the current row, may be absent
};

/// A row with an icon, a line of text, and a smaller line below it.
class TwoLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    enum class Look {
        Navigation, ///< 48 px, small icon, the current row marked with a bar
        Card, ///< 72 px, picture of 48 px, bold text, lines between the rows
    };

    explicit TwoLineDelegate(Look look, QObject* parent = nullptr);

    void setHints(bool shown) { m_hints = shown; } ///< off: the first line alone; rows get lower

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintBack(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    int paintRight(QPainter& painter, const QRect& lines, const QFont& font, const QModelIndex& index) const;

    Look m_look;
    bool m_hints = true;
};

} // namespace graft::ui
