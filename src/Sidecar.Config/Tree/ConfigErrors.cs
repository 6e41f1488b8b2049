using System.Collections.Generic;

namespace Sidecar.Config.Tree;

/// <summary>What is wrong at one place of a configuration.</summary>
/// <param name="Position">Where it was read; a default position if it came as binary.</param>
/// <param name="Path">The field, e.g. static_resources.listeners[0].address; empty for the document itself.</param>
/// <param name="Message">The reason, in the operator's words.</param>
public readonly record struct ConfigError(SourcePosition Position, string Path, string Message)
{
    /// <summary>file:line:column: path: message, without the parts that are unknown.</summary>
    public override string ToString()
    {
        string where = string.IsNullOrEmpty(Position.File) ? "" : Position + ": ";
        return Path.Length == 0 ? where + Message : $"{where}{Path}: {Message}";
    }
}

/// <summary>Collects the errors and the unknown fields of one configuration, so that all are told at once. One thread.</summary>
public sealed class ConfigErrors
{
    /// <summary>Errors beyond this many are counted, not kept.</summary>
    public const int MaxKept = 100;

    private readonly List<ConfigError> _errors = [];
    private readonly List<ConfigError> _unknownFields = [];

    public IReadOnlyList<ConfigError> Errors => _errors;

    /// <summary>Fields that the API does not define; the caller decides whether they reject the configuration.</summary>
    public IReadOnlyList<ConfigError> UnknownFields => _unknownFields;

    /// <summary>Errors met, kept or not.</summary>
    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    public void Add(SourcePosition position, string path, string message)
    {
        Count++;
        if (_errors.Count < MaxKept)
        {
            _errors.Add(new ConfigError(position, path, message));
        }
    }

    public void AddUnknownField(SourcePosition position, string path, string message)
    {
        if (_unknownFields.Count < MaxKept)
        {
            _unknownFields.Add(new ConfigError(position, path, message));
        }
    }

    /// <summary>Turns unknown fields into errors, as the flags for static and dynamic configuration ask.</summary>
    public void RejectUnknownFields()
    {
        foreach (ConfigError unknown in _unknownFields)
        {
            Add(unknown.Position, unknown.Path, unknown.Message);
        }

        _unknownFields.Clear();
    }

    /// <summary>All errors, one a line.</summary>
    public override string ToString() => Count > _errors.Count
        ? string.Join('\n', _errors) + $"\n... and {Count - _errors.Count} more"
        : string.Join('\n', _errors);
}
