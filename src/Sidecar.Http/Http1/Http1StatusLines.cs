using System;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sidecar.Http.Http1;

/// <summary>Ready-made status lines with the reason phrases of the IANA registry. Immutable; thread: any.</summary>
internal static class Http1StatusLines
{
    /// <summary>Bytes from one line to the next, and how many may be read from each.</summary>
    public const int Stride = 64;

    private static readonly string[] s_known =
    [
        "100 Continue", "101 Switching Protocols", "102 Processing", "103 Early Hints", "200 OK", "201 Created", "202 Accepted",
        "203 Non-Authoritative Information", "204 No Content", "205 Reset Content", "206 Partial Content", "207 Multi-Status",
        "208 Already Reported", "226 IM Used", "300 Multiple Choices", "301 Moved Permanently", "302 Found", "303 See Other",
        "304 Not Modified", "305 Use Proxy", "307 Temporary Redirect", "308 Permanent Redirect", "400 Bad Request", "401 Unauthorized",
        "402 Payment Required", "403 Forbidden", "404 Not Found", "405 Method Not Allowed", "406 Not Acceptable",
        "407 Proxy Authentication Required", "408 Request Timeout", "409 Conflict", "410 Gone", "411 Length Required",
        "412 Precondition Failed", "413 Payload Too Large", "414 URI Too Long", "415 Unsupported Media Type", "416 Range Not Satisfiable",
        "417 Expectation Failed", "421 Misdirected Request", "422 Unprocessable Entity", "423 Locked", "424 Failed Dependency",
        "425 Too Early", "426 Upgrade Required", "428 Precondition Required", "429 Too Many Requests",
        "431 Request Header Fields Too Large", "451 Unavailable For Legal Reasons", "500 Internal Server Error", "501 Not Implemented",
        "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout", "505 HTTP Version Not Supported",
        "506 Variant Also Negotiates", "507 Insufficient Storage", "508 Loop Detected", "510 Not Extended",
        "511 Network Authentication Required",
    ];

    private static readonly byte[] s_lines = new byte[(s_known.Length + 1) * Stride];
    private static readonly byte[] s_lengths = new byte[s_known.Length + 1];

    /// <summary>Index by status; 0 is the line of all others.</summary>
    private static readonly byte[] s_indexes = Build();

    /// <summary>The line with its CRLF; digits of an unknown status are the caller's to write at <see cref="StatusOffset"/>.</summary>
    public static ref byte Line(int status, out int length)
    {
        int index = (uint)status < (uint)s_indexes.Length ? s_indexes[status] : 0;
        length = s_lengths[index];
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(s_lines), index * Stride);
    }

    /// <summary>Where the status stands in a line; two before it is the minor version.</summary>
    public const int StatusOffset = 9;

    private static byte[] Build()
    {
        var indexes = new byte[600];
        Put(0, "000 Unknown");
        for (int i = 0; i < s_known.Length; i++)
        {
            Put(i + 1, s_known[i]);
            indexes[int.Parse(s_known[i].AsSpan(0, 3), CultureInfo.InvariantCulture)] = (byte)(i + 1);
        }

        return indexes;
    }

    private static void Put(int index, string text) =>
        s_lengths[index] = (byte)Encoding.ASCII.GetBytes("HTTP/1.1 " + text + "\r\n", s_lines.AsSpan(index * Stride));
}
