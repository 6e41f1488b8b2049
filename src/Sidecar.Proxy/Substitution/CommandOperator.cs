namespace Sidecar.Proxy.Substitution;

/// <summary>What an operator's value is in a JSON log.</summary>
internal enum OperatorValueKind : byte
{
    Text = 0,
    Number,
}

/// <summary>Writes an operator's value; false, with nothing written, when there is none.</summary>
internal delegate bool OperatorWriter(in FormatContext context, TextBuffer output);

/// <summary>One <c>%OPERATOR%</c> of a format. Immutable; thread: any.</summary>
internal abstract class CommandOperator
{
    /// <summary>Writes the value as text; false, with nothing written, when there is none.</summary>
    public abstract bool TryWrite(in FormatContext context, TextBuffer output);

    /// <summary>Writes the value as JSON; false, with nothing written, when there is none.</summary>
    /// <param name="context">What to read.</param>
    /// <param name="maxBytes">Longest text, 0 for no limit.</param>
    /// <param name="output">Where to write.</param>
    public virtual bool TryWriteJson(in FormatContext context, int maxBytes, TextBuffer output)
    {
        output.Append((byte)'"');
        int start = output.Length;
        if (!TryWrite(in context, output))
        {
            output.Truncate(start - 1);
            return false;
        }

        if (maxBytes > 0)
        {
            output.Truncate(start + maxBytes);
        }

        JsonText.EscapeFrom(output, start);
        output.Append((byte)'"');
        return true;
    }
}

/// <summary>An operator without arguments.</summary>
internal sealed class SimpleOperator(OperatorValueKind kind, OperatorWriter writer) : CommandOperator
{
    public override bool TryWrite(in FormatContext context, TextBuffer output) => writer(in context, output);

    public override bool TryWriteJson(in FormatContext context, int maxBytes, TextBuffer output) =>
        kind == OperatorValueKind.Number ? writer(in context, output) : base.TryWriteJson(in context, maxBytes, output);
}
