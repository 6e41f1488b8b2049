using System;

namespace Sidecar.Http.Http2.Frames;

/// <summary>Frame flags; a bit's meaning depends on the type.</summary>
[Flags]
public enum FrameFlags : byte
{
    None = 0,

    /// <summary>DATA, HEADERS: the last frame of the message.</summary>
    EndStream = 0x1,

    /// <summary>SETTINGS, PING: the reply.</summary>
    Ack = EndStream,

    /// <summary>HEADERS, CONTINUATION: the header block is complete.</summary>
    EndHeaders = 0x4,

    /// <summary>DATA, HEADERS: a pad length comes first.</summary>
    Padded = 0x8,

    /// <summary>HEADERS: five bytes of priority come before the block.</summary>
    Priority = 0x20,
}
