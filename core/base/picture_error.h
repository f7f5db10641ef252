#pragma once
#include "core/base/error.h"

namespace graft {

/// Why a file could not be used as a picture.
enum class PictureFault {
    NotAPicture, ///< another kind of file, or a kind Graft does not read
    Empty, ///< 0 bytes
    Damaged, ///< begins like a picture, but cannot be decoded to its end
    TooBig, ///< more pixels or bytes than the limit; found before decoding
    Unreadable, ///< no right to read it, or the disk failed
    Missing, ///< it is not (or no longer) there
};

/// Thrown for one picture file. what() names the file, what is wrong and what to do.
class PictureError : public Error
{
public:
    PictureError(PictureFault fault, const std::string& file, const std::string& happened,
                 const std::string& next)
        : Error(file, happened, next)
        , m_fault(fault)
    {
    }

    PictureFault fault() const { return m_fault; }

private:
    PictureFault m_fault;
};

} // namespace graft
