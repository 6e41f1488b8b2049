using System;
using System.Globalization;

namespace Sidecar.Proxy.Substitution;

/// <summary>One command of a format string: <c>%NAME(argument):length%</c>. Main thread.</summary>
internal readonly record struct FormatCommand(string Name, string? Argument, int MaxBytes)
{
    /// <summary>Reads a command from its percent sign to behind its closing one.</summary>
    public static FormatCommand Parse(string format, ref int position)
    {
        int start = position;
        int nameEnd = start + 1;
        while (nameEnd < format.Length && (char.IsAsciiLetterUpper(format[nameEnd]) || char.IsAsciiDigit(format[nameEnd]) || format[nameEnd] == '_'))
        {
            nameEnd++;
        }

        string name = format[(start + 1)..nameEnd];
        int at = nameEnd;
        string? argument = null;
        if (at < format.Length && format[at] == '(')
        {
            int close = format.IndexOf(')', at);
            if (close < 0)
            {
                throw Malformed(format, start);
            }

            argument = format[(at + 1)..close];
            at = close + 1;
        }

        int maxBytes = 0;
        if (at < format.Length && format[at] == ':')
        {
            int end = format.IndexOf('%', at);
            if (end < 0 || !int.TryParse(format.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out maxBytes))
            {
                throw Malformed(format, start);
            }

            at = end;
        }

        if (name.Length == 0 || at >= format.Length || format[at] != '%')
        {
            throw Malformed(format, start);
        }

        position = at + 1;
        return new FormatCommand(name, argument, maxBytes);
    }

    /// <summary>The argument of an operator that needs one.</summary>
    public string RequireArgument() => string.IsNullOrEmpty(Argument)
        ? throw new SubstitutionFormatException($"{Name} requires parameters")
        : Argument;

    private static SubstitutionFormatException Malformed(string format, int position) =>
        new($"Incorrect configuration: {format}. Couldn't find valid command at position {position}");
}
