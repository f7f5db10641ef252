#pragma once
#include <QWidget>

#include <filesystem>

class QComboBox;
class QToolButton;

namespace graft::ui {

class PictureModel;
class ThumbnailLoader;

/// One picture of many: a list with thumbnails, and buttons to the one before and after.
class PictureChooser : public QWidget
{
    Q_OBJECT
public:
    explicit PictureChooser(PictureModel* pictures, QWidget* parent = nullptr);

    int current() const; ///< row of the model; -1: none
    void setCurrent(int row); ///< chosen() is silent
    void step(int by); ///< stops at both ends
    void forget(); ///< thumbnails, as when files may have changed

signals:
    void chosen(int row);

private:
    void showEnds();

    PictureModel* m_pictures;
    ThumbnailLoader* m_thumbnails;
    QToolButton* m_before;
    QComboBox* m_list;
    QToolButton* m_after;
};

} // namespace graft::ui
