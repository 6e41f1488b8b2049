using System.Threading;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Extensions.AccessLoggers.File;

/// <summary>
/// Hands blocks of whole lines from one worker to the flusher, without a lock: a ring whose blocks are filled and written in place.
/// Threads: the worker uses <see cref="Current"/> and <see cref="TryPublish"/>, the flusher <see cref="TryTake"/> and <see cref="Release"/>.
/// </summary>
/// <remarks>
/// <code>
///   written          published
///      v                 v
///   [ full ][ full ][ current ][ free ] ...
/// </code>
/// </remarks>
internal sealed class LogBlockQueue
{
    private const int Blocks = 8;

    private readonly TextBuffer[] _blocks = new TextBuffer[Blocks];
    private long _published;
    private long _written;
    private volatile bool _isClosed;

    public LogBlockQueue()
    {
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = new TextBuffer();
        }
    }

    /// <summary>The block that the worker fills.</summary>
    public TextBuffer Current => _blocks[_published % Blocks];

    /// <summary>Gives the current block to the flusher; false when the flusher is behind and no other block is free.</summary>
    public bool TryPublish()
    {
        long next = _published + 1;
        if (next - Volatile.Read(ref _written) >= Blocks)
        {
            return false;
        }

        _blocks[next % Blocks].Clear();
        Volatile.Write(ref _published, next);
        return true;
    }

    /// <summary>The worker publishes nothing more.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Closed, and everything is written: the flusher may forget it.</summary>
    public bool IsSpent => _isClosed && _written == Volatile.Read(ref _published);

    /// <summary>The oldest block that is not yet written.</summary>
    public bool TryTake(out TextBuffer block)
    {
        block = _blocks[_written % Blocks];
        return _written != Volatile.Read(ref _published);
    }

    /// <summary>The block taken last is written.</summary>
    public void Release() => Volatile.Write(ref _written, _written + 1);
}
