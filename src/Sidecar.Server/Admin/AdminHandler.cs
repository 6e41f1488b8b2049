using System.Collections.Generic;

namespace Sidecar.Server.Admin;

/// <summary>A parameter that a handler reads, for the help and the forms on the home page. Immutable; thread: any.</summary>
public sealed class AdminParameter
{
    private AdminParameter(string name, string help, bool isSwitch, IReadOnlyList<string> choices)
    {
        Name = name;
        Help = help;
        IsSwitch = isSwitch;
        Choices = choices;
    }

    public string Name { get; }

    public string Help { get; }

    /// <summary>It counts by being there.</summary>
    public bool IsSwitch { get; }

    /// <summary>The values that it takes; empty for any text.</summary>
    public IReadOnlyList<string> Choices { get; }

    public static AdminParameter Text(string name, string help) => new(name, help, isSwitch: false, []);

    public static AdminParameter Switch(string name, string help) => new(name, help, isSwitch: true, []);

    public static AdminParameter Choice(string name, string help, params IReadOnlyList<string> choices) =>
        new(name, help, isSwitch: false, choices);
}

/// <summary>Answers one admin path. Thread: main.</summary>
/// <param name="path">The whole path, e.g. <c>/stats/prometheus</c>.</param>
/// <param name="help">One line for <c>/help</c>.</param>
public abstract class AdminHandler(string path, string help)
{
    public string Path { get; } = path;

    public string Help { get; } = help;

    /// <summary>True when only POST may call it.</summary>
    public virtual bool MutatesState => false;

    public virtual IReadOnlyList<AdminParameter> Parameters => [];

    /// <summary>Answers; never throws for what the client sent.</summary>
    public abstract void Handle(AdminRequest request, AdminResponse response);
}
