using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>How a parser left its input.</summary>
internal enum Http1ParseStatus : byte
{
    /// <summary>Every whole line was taken; the rest is the beginning of a line.</summary>
    NeedMore = 0,

    /// <summary>The empty line was reached.</summary>
    Complete,

    /// <summary>The grammar is broken; see <see cref="Http1HeadParser.Error"/>.</summary>
    Broken,
}

/// <summary>
/// Parses a start line and field lines into a header map in one pass: each name is validated, lower-cased, stored and classified, each
/// value validated and stored, 32 bytes at a time. Resumes at line boundaries; whoever feeds it keeps a line that is cut. One a codec,
/// reused; thread: its worker.
/// </summary>
/// <remarks>Strict by RFC 9112: lines end in CRLF, no space before the colon, no folded lines, no control characters.</remarks>
internal sealed unsafe class Http1HeadParser
{
    private const int MaxMethodBytes = 64;

    /// <summary>"HTTP/1." as it is loaded, with the last byte free.</summary>
    private const ulong VersionPrefix = 0x00_2e_31_2f_50_54_54_48;

    private const ulong VersionMask = 0x00_ff_ff_ff_ff_ff_ff_ff;

    /// <summary>Room for a short name and value at the arena's tail, so that lines need no check of their own.</summary>
    private const int LineRoom = 4 * Http1Scan.Width;

    private readonly Http1Settings _settings;
    private readonly Http1Errors _errors;
    private readonly StatBlock _stats;
    private readonly bool _isRequest;
    private Phase _phase;
    private int _bytes;
    private int _fields;
    private HeaderMap? _map;

    public Http1HeadParser(Http1Settings settings, bool isRequest, StatBlock stats)
    {
        _settings = settings;
        _isRequest = isRequest;
        _errors = isRequest ? Http1Errors.Request : Http1Errors.Response;
        _stats = stats;
    }

    private enum Phase : byte
    {
        StartLine = 0,
        Fields,
        Trailers,
    }

    /// <summary>What the head said; valid after <see cref="Http1ParseStatus.Complete"/>.</summary>
    public Http1Head Head;

    /// <summary>Set with <see cref="Http1ParseStatus.Broken"/>.</summary>
    public ErrorDetail? Error { get; private set; }

    public Http1Errors Errors => _errors;

    /// <summary>Trailers are passed on.</summary>
    public bool KeepsTrailers => _settings.EnableTrailers;

    /// <summary>Begins a message whose head goes to an empty map.</summary>
    public void BeginHead(HeaderMap map)
    {
        _map = map;
        _phase = Phase.StartLine;
        _bytes = 0;
        _fields = 0;
        Error = null;
        Head = default;
        Head.ContentLength = -1;
    }

    /// <summary>Begins trailers; <see cref="Head"/> stays.</summary>
    public void BeginTrailers(HeaderMap map)
    {
        _map = map;
        _phase = Phase.Trailers;
        _bytes = 0;
        _fields = 0;
    }

    /// <summary>Whether a line that is still incomplete at this many bytes may go on.</summary>
    public bool Admits(int pendingBytes)
    {
        if (_bytes + pendingBytes <= _settings.MaxHeadBytes)
        {
            return true;
        }

        Fail(_errors.HeadersTooLarge);
        return false;
    }

    /// <summary>Records that a message is broken beyond what the parser itself sees.</summary>
    public void Reject(ErrorDetail error) => Error ??= error;

    /// <summary>Takes whole lines from <paramref name="source"/>.</summary>
    /// <param name="length">Bytes of input.</param>
    /// <param name="readable">Bytes that may be touched, at least <paramref name="length"/>.</param>
    /// <param name="consumed">Bytes of the lines taken.</param>
    public Http1ParseStatus Parse(byte* source, int length, int readable, out int consumed)
    {
        int position = 0;
        consumed = 0;
        if (_phase == Phase.StartLine)
        {
            int taken = _isRequest ? ParseRequestLine(source, length, readable) : ParseStatusLine(source, length, readable);
            if (taken <= 0)
            {
                return taken == 0 ? Http1ParseStatus.NeedMore : Http1ParseStatus.Broken;
            }

            position = taken;
            _bytes = taken;
            consumed = taken;
            _phase = Phase.Fields;
        }

        while (true)
        {
            int taken = ParseFieldLine(source + position, length - position, readable - position);
            if (taken <= 0)
            {
                return taken == 0 ? Http1ParseStatus.NeedMore : Http1ParseStatus.Broken;
            }

            position += taken;
            consumed = position;
            _bytes += taken;
            if (taken == 2)
            {
                return FinishHead();
            }
        }
    }

    /// <summary>Bytes of the line, 2 for the empty line (no field is that short), 0 when it isn't whole, -1 when it is broken.</summary>
    private int ParseFieldLine(byte* p, int length, int readable)
    {
        if (length == 0)
        {
            return 0;
        }

        if (*p == '\r')
        {
            return length == 1 ? 0 : p[1] == '\n' ? 2 : Fail(_errors.Codec);
        }

        HeaderMap map = _map!;
        ref byte tail = ref map.ReserveTail(LineRoom);
        int name = readable >= Http1Scan.Width ? Http1Scan.LowerToken32(p, ref tail) : Http1Scan.Width;
        if (name == Http1Scan.Width)
        {
            name = LowerLongName(p, length);
            tail = ref map.ReserveTail(name + LineRoom);
        }

        if (name >= length)
        {
            return name > HeaderMap.MaxNameBytes ? Fail(_errors.HeadersTooLarge) : 0;
        }

        // RFC 9112 section 5.1: no whitespace between name and colon; 5.2: a line that begins with whitespace is obs-fold.
        if (p[name] != ':' || name == 0 || name > HeaderMap.MaxNameBytes)
        {
            return Fail(_errors.Codec);
        }

        int start = name + 1;
        while (start < length && p[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }

        int end = StoreValue(p, start, length, readable, name);
        if (end + 1 >= length)
        {
            // A byte that may not stand there is told at once, also when the line goes on.
            return end < length && p[end] != '\r' ? Fail(EndError(p[end])) : 0;
        }

        if (p[end] != '\r' || p[end + 1] != '\n')
        {
            return Fail(p[end] == '\r' ? _errors.Codec : EndError(p[end]));
        }

        if (_bytes + end + 2 > _settings.MaxHeadBytes)
        {
            return Fail(_errors.HeadersTooLarge);
        }

        int value = end - start;
        while (value > 0 && p[start + value - 1] is (byte)' ' or (byte)'\t')
        {
            value--;
        }

        return CommitField(name, value) ? end + 2 : -1;
    }

    /// <summary>Copies the value behind the name at the arena's tail; the index of the first byte that is not of it.</summary>
    private int StoreValue(byte* p, int start, int length, int readable, int name)
    {
        HeaderMap map = _map!;
        int first = Http1Scan.Width;
        if (readable - start >= Http1Scan.Width)
        {
            first = Http1Scan.CopyFieldValue32(p + start, ref Unsafe.Add(ref map.ReserveTail(0), name));
            if (first < Http1Scan.Width)
            {
                return start + first;
            }
        }

        int left = length - start;
        if (left <= 0)
        {
            return start;
        }

        int value = Http1Scan.FindFieldValueEnd(p + start, left, readable - start);
        ref byte tail = ref map.ExtendTail(name, name + value + LineRoom);
        Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref tail, name), ref *(p + start), (uint)value);
        return start + value;
    }

    /// <summary>Lower-cases a name of 32 bytes and more, or one near the end of what may be read.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int LowerLongName(byte* p, int length)
    {
        int name = Http1Scan.FindTokenEnd(p, length);
        ref byte tail = ref _map!.ReserveTail(name + LineRoom);
        for (int i = 0; i < name; i++)
        {
            Unsafe.Add(ref tail, i) = Http1Scan.Lower(p[i]);
        }

        return name;
    }

    private bool CommitField(int nameLength, int valueLength)
    {
        HeaderMap map = _map!;
        if (++_fields > _settings.MaxHeadersCount)
        {
            return Fail(_errors.TooManyHeaders) > 0;
        }

        Span<byte> tail = map.ReserveArena(0);
        ReadOnlySpan<byte> name = tail[..nameLength];
        HeaderId id = HeaderNames.Find(name);
        if (Http1FieldRules.Concern(id))
        {
            if (_phase == Phase.Trailers)
            {
                // RFC 9110 section 6.5.1: fields for framing, routing and hops mean nothing in trailers and must not be merged.
                return true;
            }

            switch (Http1FieldRules.Apply(id, tail.Slice(nameLength, valueLength), ref Head, _errors, out ErrorDetail? error))
            {
                case Http1FieldVerdict.Drop:
                    return true;
                case Http1FieldVerdict.Broken:
                    return Fail(error!) > 0;
                case Http1FieldVerdict.KeepAsAuthority:
                    id = HeaderId.Authority;
                    break;
                default:
                    break;
            }
        }
        else if (_settings.UnderscoresAction != HeadersWithUnderscoresAction.Allow && name.Contains((byte)'_'))
        {
            return RefuseUnderscore();
        }

        map.CommitParsed(id, 0, nameLength, nameLength, valueLength, nameLength + valueLength);
        return true;
    }

    private bool RefuseUnderscore()
    {
        bool drop = _settings.UnderscoresAction == HeadersWithUnderscoresAction.DropHeader;
        if (_stats.IsValid)
        {
            _stats.Increment(drop ? Http1CodecStats.DroppedHeadersWithUnderscores : Http1CodecStats.RequestsRejectedWithUnderscoresInHeaders);
        }

        return drop || Fail(_errors.UnexpectedUnderscore) > 0;
    }

    private int ParseRequestLine(byte* p, int length, int readable)
    {
        int method = Http1Scan.FindTokenEnd(p, Math.Min(length, MaxMethodBytes + 1));
        if (method > MaxMethodBytes || (method < length && (p[method] != ' ' || method == 0)))
        {
            return Fail(_errors.Codec);
        }

        if (method >= length)
        {
            return 0;
        }

        var methodName = new ReadOnlySpan<byte>(p, method);
        if (!Http1Methods.TryClassify(methodName, out Head.Method) && !_settings.AllowCustomMethods)
        {
            return Fail(_errors.Codec);
        }

        int start = method + 1;
        int target = Http1Scan.FindTargetEnd(p + start, length - start, readable - start);
        int version = start + target + 1;
        if (start + target < length && (p[start + target] != ' ' || target == 0))
        {
            return Fail(_errors.InvalidUrl);
        }

        int taken = ParseVersion(p + version, length - version);
        if (taken <= 0)
        {
            return taken;
        }

        if (version + taken > _settings.MaxHeadBytes)
        {
            return Fail(_errors.HeadersTooLarge);
        }

        _map!.Add(HeaderId.Method, methodName);
        return StoreTarget(new ReadOnlySpan<byte>(p + start, target)) ? version + taken : -1;
    }

    private bool StoreTarget(ReadOnlySpan<byte> target)
    {
        if (target[0] == '/' && Head.Method != Http1Method.Connect)
        {
            _map!.Add(HeaderId.Path, target);
            _map.Add(HeaderId.Scheme, _settings.IsTls ? "https"u8 : "http"u8);
            return true;
        }

        switch (Http1Target.Store(target, Head.Method, _settings, _map!))
        {
            case Http1TargetForm.Invalid:
                return Fail(_errors.InvalidUrl) > 0;
            case Http1TargetForm.Absolute or Http1TargetForm.Authority:
                Head.Flags |= Http1HeadFlags.TargetHasAuthority;
                return true;
            default:
                return true;
        }
    }

    private int ParseStatusLine(byte* p, int length, int readable)
    {
        // "HTTP/1.1 200" is the shortest; the reason phrase and even the space before it may be missing.
        if (length < 13)
        {
            return length >= 5 && !new ReadOnlySpan<byte>(p, 5).SequenceEqual("HTTP/"u8) ? Fail(_errors.Codec) : 0;
        }

        ulong version = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(p, 8));
        uint minor = (uint)(version >> 56) - '0';
        if ((version & VersionMask) != VersionPrefix || minor > 1 || p[8] != ' ')
        {
            return Fail(_errors.Codec);
        }

        uint hundreds = (uint)p[9] - '0';
        uint tens = (uint)p[10] - '0';
        uint units = (uint)p[11] - '0';
        if (hundreds - 1 > 8 || tens > 9 || units > 9 || (p[12] != ' ' && p[12] != '\r'))
        {
            return Fail(_errors.Codec);
        }

        int end = 12 + Http1Scan.FindFieldValueEnd(p + 12, length - 12, readable - 12);
        if (end + 1 >= length)
        {
            return end < length && p[end] != '\r' ? Fail(EndError(p[end])) : 0;
        }

        if (p[end] != '\r' || p[end + 1] != '\n')
        {
            return Fail(_errors.Codec);
        }

        if (end + 2 > _settings.MaxHeadBytes)
        {
            return Fail(_errors.HeadersTooLarge);
        }

        Head.Protocol = minor == 1 ? HttpProtocol.Http11 : HttpProtocol.Http10;
        Head.Status = (int)((hundreds * 100) + (tens * 10) + units);
        _map!.Add(HeaderId.Status, new ReadOnlySpan<byte>(p + 9, 3));
        return end + 2;
    }

    /// <summary>Takes "HTTP/1.x" CRLF; its bytes, 0 when incomplete, -1 when something else.</summary>
    private int ParseVersion(byte* p, int length)
    {
        const int LineBytes = 10;
        if (length < LineBytes)
        {
            return 0;
        }

        var text = new ReadOnlySpan<byte>(p, LineBytes);
        ulong version = BinaryPrimitives.ReadUInt64LittleEndian(text);
        uint minor = (uint)(version >> 56) - '0';
        bool hasLineEnd = text[8] == '\r' && text[9] == '\n';
        if ((version & VersionMask) != VersionPrefix || minor > 1 || !hasLineEnd)
        {
            bool isOtherVersion = hasLineEnd && text.StartsWith("HTTP/"u8) && char.IsAsciiDigit((char)text[5]) && text[6] == '.' && minor <= 9;
            return Fail(isOtherVersion ? _errors.Version : _errors.Codec);
        }

        Head.Protocol = minor == 1 ? HttpProtocol.Http11 : HttpProtocol.Http10;
        return LineBytes;
    }

    private Http1ParseStatus FinishHead()
    {
        if (_phase == Phase.Trailers || !_isRequest)
        {
            return Http1ParseStatus.Complete;
        }

        if (Head.Protocol == HttpProtocol.Http10 && !_settings.AcceptHttp10)
        {
            return Broken(_errors.LowVersion);
        }

        if ((Head.Flags & (Http1HeadFlags.HasHost | Http1HeadFlags.TargetHasAuthority)) == 0)
        {
            if (Head.Protocol == HttpProtocol.Http11 || _settings.DefaultHostForHttp10 is null)
            {
                return Broken(_errors.MissingHost);
            }

            _map!.Add(HeaderId.Authority, _settings.DefaultHostForHttp10);
        }

        return Http1ParseStatus.Complete;
    }

    private ErrorDetail EndError(byte end) => end == '\n' ? _errors.Codec : _errors.InvalidCharacters;

    private Http1ParseStatus Broken(ErrorDetail error)
    {
        Fail(error);
        return Http1ParseStatus.Broken;
    }

    private int Fail(ErrorDetail error)
    {
        Debug.Assert(Error is null, "one error a message");
        Error = error;
        return -1;
    }
}
