using System;

namespace Sidecar.Http.Http2.Messages;

/// <summary>What is wrong with a header field in itself; found once when it arrives as a literal and kept in the dynamic table.</summary>
[Flags]
internal enum FieldDefects : byte
{
    None = 0,

    /// <summary>Empty, upper-case or otherwise not a lower-case token.</summary>
    Name = 1,

    /// <summary>Control characters, white space at an end, or not what this field allows.</summary>
    Value = 2,

    /// <summary>No defect by the RFC: the name has an underscore, which <c>headers_with_underscores_action</c> may reject.</summary>
    Underscore = 4,
}
