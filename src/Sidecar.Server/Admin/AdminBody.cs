using System.Buffers;
using System.Collections.Generic;

namespace Sidecar.Server.Admin;

/// <summary>
/// A body that is made piece by piece while it is sent, so that a dump of any size needs the memory of a piece. Pieces are asked for
/// only while the client keeps up; configuration may change between two, so a body works on what it took when it was made. Thread: main.
/// </summary>
public abstract class AdminBody
{
    /// <summary>Writes the next piece; false after the last one.</summary>
    public abstract bool WriteNext(IBufferWriter<byte> output);
}

/// <summary>A body whose pieces are the steps of an iterator. Thread: main.</summary>
/// <param name="steps">Makes the iterator over the writer that all steps write to.</param>
public sealed class SteppedBody(System.Func<IBufferWriter<byte>, IEnumerator<BodyStep>> steps) : AdminBody
{
    private IEnumerator<BodyStep>? _steps;

    public override bool WriteNext(IBufferWriter<byte> output)
    {
        _steps ??= steps(output);
        if (_steps.MoveNext())
        {
            return true;
        }

        _steps.Dispose();
        return false;
    }
}

/// <summary>What a step of a <see cref="SteppedBody"/> yields: only that a piece is complete.</summary>
public readonly record struct BodyStep;
