#pragma once
#include "ui/models/tile_model.h"

#include <QWidget>

class QLabel;
class QListView;

namespace graft::ui {

class IconLabel;

/// The tiles of a preview, four beside one another and as large as fits, or why there are none.
class TileGrid : public QWidget
{
    Q_OBJECT
public:
    static constexpr int columns = 4;
    static constexpr int rows = 3;

    explicit TileGrid(TileModel* model, QWidget* parent = nullptr);

    void setProblem(const QString& sentence); ///< in place of the tiles; empty: the tiles again

    QString problem() const;
    int current() const; ///< -1: none
    void setCurrent(int row);

    QSize minimumSizeHint() const override { return {280, 210}; }

    QSize sizeHint() const override { return minimumSizeHint(); } // and grows with its page

signals:
    void chosen(int row); ///< by click, Enter or Space
    void pointed(int row); ///< by pointer or cursor keys; -1: no longer

protected:
    void resizeEvent(QResizeEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QListView* m_view;
    QWidget* m_broken;
    QLabel* m_reason;
};

} // namespace graft::ui
