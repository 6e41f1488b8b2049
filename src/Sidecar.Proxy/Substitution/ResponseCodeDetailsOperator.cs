using System;
using System.Buffers;

namespace Sidecar.Proxy.Substitution;

/// <summary><c>%RESPONSE_CODE_DETAILS%</c>: white space becomes underscores unless the argument allows it.</summary>
internal sealed class ResponseCodeDetailsOperator(bool allowWhitespace) : CommandOperator
{
    private static readonly SearchValues<byte> s_whitespace = SearchValues.Create(" \t\r\n\v\f"u8);

    public static ResponseCodeDetailsOperator Create(FormatCommand command) => command.Argument switch
    {
        null or "" => new ResponseCodeDetailsOperator(allowWhitespace: false),
        "ALLOW_WHITESPACES" => new ResponseCodeDetailsOperator(allowWhitespace: true),
        _ => throw new SubstitutionFormatException("RESPONSE_CODE_DETAILS takes only the parameter ALLOW_WHITESPACES"),
    };

    public override bool TryWrite(in FormatContext context, TextBuffer output)
    {
        string details = context.Info.ResponseCodeDetails;
        if (details.Length == 0)
        {
            return false;
        }

        int start = output.Length;
        output.Append(details);
        if (!allowWhitespace)
        {
            output.WrittenFrom(start).ReplaceAny(s_whitespace, (byte)'_');
        }

        return true;
    }
}
