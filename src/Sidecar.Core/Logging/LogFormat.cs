using System.Collections.Generic;
using System.Text;

namespace Sidecar.Core.Logging;

/// <summary>
/// How a line is printed: an spdlog pattern (<c>--log-format</c>) or a JSON object whose values are such patterns
/// (<c>application_log_config.log_format.json_format</c>). Compiled once. Immutable; thread: any.
/// </summary>
public sealed class LogFormat
{
    /// <summary>Envoy's default pattern.</summary>
    public const string DefaultPattern = "[%Y-%m-%d %T.%e][%t][%l][%n] [%g:%#] %v";

    private readonly LogPattern[] _patterns;
    private readonly string[]? _keys;

    private LogFormat(LogPattern[] patterns, string[]? keys)
    {
        _patterns = patterns;
        _keys = keys;
    }

    public static LogFormat Default { get; } = Text(DefaultPattern);

    public static LogFormat Text(string pattern) => new([LogPattern.Compile(pattern)], null);

    /// <summary>One JSON object a line; members in the given order.</summary>
    public static LogFormat Json(IReadOnlyList<KeyValuePair<string, string>> members)
    {
        var patterns = new LogPattern[members.Count];
        var keys = new string[members.Count];
        for (int i = 0; i < members.Count; i++)
        {
            var key = new StringBuilder();
            LogText.AppendJson(key, members[i].Key);
            keys[i] = key.ToString();
            patterns[i] = LogPattern.Compile(members[i].Value);
        }

        return new LogFormat(patterns, keys);
    }

    /// <summary>Appends one line with its newline.</summary>
    public void Append(StringBuilder text, in LogRecord record)
    {
        if (_keys is null)
        {
            _patterns[0].Append(text, record);
        }
        else
        {
            AppendJson(text, record);
        }

        text.Append('\n');
    }

    private void AppendJson(StringBuilder text, in LogRecord record)
    {
        var value = new StringBuilder();
        text.Append('{');
        for (int i = 0; i < _patterns.Length; i++)
        {
            value.Clear();
            _patterns[i].Append(value, record);
            text.Append(i == 0 ? "\"" : ",\"").Append(_keys![i]).Append("\":\"");
            if (_patterns[i].EscapesItself)
            {
                text.Append(value);
            }
            else
            {
                LogText.AppendJson(text, value.ToString());
            }

            text.Append('"');
        }

        text.Append('}');
    }
}
