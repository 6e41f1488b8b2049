using Sidecar.Core;
using Sidecar.Core.Buffers;

namespace Sidecar.Http.Codec;

/// <summary>
/// What a codec needs of the connection below it, so that it knows no sockets: tests pass arrays through one of their own.
/// Thread: the worker.
/// </summary>
public abstract class CodecTransport
{
    /// <summary>Where the codec writes; after a write it calls <see cref="OutputWritten"/> before it returns to its caller.</summary>
    public abstract BufferChain Output { get; }

    public abstract WorkerMemory Memory { get; }

    /// <summary>Monotonic nanoseconds, read once an iteration.</summary>
    public abstract long NowNs { get; }

    /// <summary>Output has grown: send it by the end of this iteration.</summary>
    public abstract void OutputWritten();

    /// <summary>
    /// Counted: each true needs a false. While positive no <c>OnData</c> comes (bytes of a call under way still belong to the codec,
    /// which buffers what it cannot use).
    /// </summary>
    public abstract void ReadDisable(bool disable);
}
