using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.Proxy.Substitution;

/// <summary>
/// A compiled format string: literals and operators in order. Used by access logs, header values and local replies. Writing allocates
/// nothing. Immutable; thread: any.
/// </summary>
public sealed class SubstitutionFormat
{
    private readonly Piece[] _pieces;
    private readonly bool _omitEmptyValues;

    private SubstitutionFormat(Piece[] pieces, bool omitEmptyValues)
    {
        _pieces = pieces;
        _omitEmptyValues = omitEmptyValues;
    }

    /// <summary>True when nothing of it depends on the stream.</summary>
    public bool IsConstant => _pieces.Length == 0 || (_pieces.Length == 1 && _pieces[0].Operator is null);

    /// <summary>The text of a constant format.</summary>
    public ReadOnlyMemory<byte> ConstantText => _pieces.Length == 0 ? default : _pieces[0].Literal;

    /// <summary>True when it is one operator and nothing else: its JSON value keeps the operator's type.</summary>
    internal bool IsSingleOperator => _pieces.Length == 1 && _pieces[0].Operator is not null;

    /// <summary>Compiles a format string; main thread.</summary>
    /// <param name="format">Literals and <c>%OPERATOR(argument):length%</c>; <c>%%</c> is a percent sign.</param>
    /// <param name="omitEmptyValues">A missing value is written as nothing rather than <c>-</c>.</param>
    /// <exception cref="SubstitutionFormatException">An operator is unknown or malformed.</exception>
    public static SubstitutionFormat Compile(string format, bool omitEmptyValues = false)
    {
        var pieces = new List<Piece>();
        var literal = new StringBuilder();
        int position = 0;
        while (position < format.Length)
        {
            if (format[position] != '%')
            {
                literal.Append(format[position++]);
                continue;
            }

            if (position + 1 < format.Length && format[position + 1] == '%')
            {
                literal.Append('%');
                position += 2;
                continue;
            }

            FormatCommand command = FormatCommand.Parse(format, ref position);
            AddLiteral(pieces, literal);
            pieces.Add(new Piece(null, CommandOperators.Create(command), command.MaxBytes));
        }

        AddLiteral(pieces, literal);
        return new SubstitutionFormat([.. pieces], omitEmptyValues);
    }

    /// <summary>Writes the line; missing values become <c>-</c>, or nothing.</summary>
    public void Write(in FormatContext context, TextBuffer output)
    {
        foreach (ref readonly Piece piece in _pieces.AsSpan())
        {
            if (piece.Operator is null)
            {
                output.Append(piece.Literal);
                continue;
            }

            int start = output.Length;
            if (!piece.Operator.TryWrite(in context, output) && !_omitEmptyValues)
            {
                output.Append((byte)'-');
            }

            if (piece.MaxBytes > 0)
            {
                output.Truncate(start + piece.MaxBytes);
            }
        }
    }

    /// <summary>Writes the value as JSON: typed when it is a single operator. False, with nothing written, when that has no value.</summary>
    internal bool TryWriteJson(in FormatContext context, TextBuffer output)
    {
        if (IsSingleOperator)
        {
            return _pieces[0].Operator!.TryWriteJson(in context, _pieces[0].MaxBytes, output);
        }

        output.Append((byte)'"');
        int start = output.Length;
        Write(in context, output);
        JsonText.EscapeFrom(output, start);
        output.Append((byte)'"');
        return true;
    }

    private static void AddLiteral(List<Piece> pieces, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            pieces.Add(new Piece(Encoding.UTF8.GetBytes(literal.ToString()), null, 0));
            literal.Clear();
        }
    }

    private readonly struct Piece(byte[]? literal, CommandOperator? command, int maxBytes)
    {
        public readonly byte[]? Literal = literal;
        public readonly CommandOperator? Operator = command;

        /// <summary>0 means no limit.</summary>
        public readonly int MaxBytes = maxBytes;
    }
}
