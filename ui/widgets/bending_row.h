#pragma once
#include <QWidget>

class QBoxLayout;

namespace graft::ui {

/// Widgets beside one another where there is room for all of them, else below one another.
class BendingRow : public QWidget
{
    Q_OBJECT
public:
    explicit BendingRow(int spacing, QWidget* parent = nullptr); ///< pixels, in both directions

    void add(QWidget* widget, int stretch = 0); ///< to the end

    bool isBent() const;

    QSize sizeHint() const override; ///< as wide as all of them beside one another
    QSize minimumSizeHint() const override; ///< as wide as the widest of them

protected:
    bool event(QEvent* event) override;

private:
    void bend();

    QBoxLayout* m_row;
};

} // namespace graft::ui
