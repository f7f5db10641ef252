#pragma once
#include <QPixmap>
#include <QWidget>

namespace graft::ui {

/// One picture, as large as fits, or a sentence in its place.
class ImageView : public QWidget
{
    Q_OBJECT
public:
    explicit ImageView(QWidget* parent = nullptr);

    void setPicture(const QPixmap& picture, const QString& name); ///< name: for screen readers
    void setText(const QString& text); ///< instead of a picture

    QSize sizeHint() const override { return {320, 200}; }

    QSize minimumSizeHint() const override { return {160, 120}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QPixmap m_picture;
    QString m_text;
};

} // namespace graft::ui
