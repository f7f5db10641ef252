#pragma once
#include "ui/jobs/preview_worker.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace graft::ui {

class ImageView;

/// One tile of a preview, large, with what was drawn for it. Left and Right go to its neighbours, Esc back.
class TileView : public QWidget
{
    Q_OBJECT
public:
    explicit TileView(QWidget* parent = nullptr);

    void setTile(const PreviewTile& tile);

signals:
    void back();
    void stepped(int by); ///< -1 or 1

private:
    ImageView* m_image;
    QLabel* m_title;
    QLabel* m_draws;
    QPushButton* m_back;
};

} // namespace graft::ui
