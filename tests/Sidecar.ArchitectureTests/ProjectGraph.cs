using System;
using System.Collections.Generic;
using System.IO;
using System.Xml.Linq;

namespace Sidecar.ArchitectureTests;

/// <summary>A project file's references.</summary>
internal sealed record ProjectFile(
    string Name, string Sdk, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, IReadOnlyList<string> Frameworks);

/// <summary>The projects under src/ as their files say, and the direction in which they may use each other.</summary>
internal static class ProjectGraph
{
    /// <summary>What each project may use directly; what that uses comes with it. New projects are added here, with thought.</summary>
    private static readonly Dictionary<string, string[]> s_mayUse = new(StringComparer.Ordinal)
    {
        ["Sidecar.Core"] = [],
        ["Sidecar.Event"] = ["Sidecar.Core"],
        ["Sidecar.Http"] = ["Sidecar.Core"],
        ["Sidecar.Network"] = ["Sidecar.Event"],
        ["Sidecar.Upstream"] = ["Sidecar.Network", "Sidecar.Http"],
        ["Sidecar.Proxy"] = ["Sidecar.Upstream"],
        ["Sidecar.Extensions"] = ["Sidecar.Proxy"],
        ["Sidecar.Api"] = [],
        ["Sidecar.Config"] = ["Sidecar.Extensions", "Sidecar.Api"],
        ["Sidecar.Xds"] = ["Sidecar.Config"],
        ["Sidecar.Server"] = ["Sidecar.Xds"],
        ["Sidecar.Kubernetes"] = ["Sidecar.Core"],
        ["Sidecar"] = ["Sidecar.Server", "Sidecar.Kubernetes"],
        ["Sidecar.ControlPlane"] = ["Sidecar.Config"],
        ["Sidecar.Injector"] = ["Sidecar.Kubernetes"],
    };

    public static Dictionary<string, ProjectFile> Load()
    {
        var projects = new Dictionary<string, ProjectFile>(StringComparer.Ordinal);
        foreach (string file in Repository.Files("src", "*.csproj"))
        {
            XElement root = XDocument.Load(file).Root!;
            string name = Path.GetFileNameWithoutExtension(file);
            projects.Add(name, new ProjectFile(
                name,
                (string?)root.Attribute("Sdk") ?? string.Empty,
                Includes(root, "ProjectReference", static i => Path.GetFileNameWithoutExtension(i.Replace('\\', '/'))),
                Includes(root, "PackageReference", static i => i),
                Includes(root, "FrameworkReference", static i => i)));
        }

        return projects;
    }

    /// <summary>Everything that a project may use, directly or not; null for a project that the map does not know.</summary>
    public static HashSet<string>? Allowed(string project)
    {
        if (!s_mayUse.TryGetValue(project, out string[]? direct))
        {
            return null;
        }

        var allowed = new HashSet<string>(direct, StringComparer.Ordinal);
        foreach (string used in direct)
        {
            allowed.UnionWith(Allowed(used)!);
        }

        return allowed;
    }

    /// <summary>A project and all that it references, as the files say.</summary>
    public static HashSet<string> Closure(Dictionary<string, ProjectFile> projects, string project)
    {
        var closure = new HashSet<string>(StringComparer.Ordinal) { project };
        if (projects.TryGetValue(project, out ProjectFile? file))
        {
            foreach (string used in file.Projects)
            {
                closure.UnionWith(Closure(projects, used));
            }
        }

        return closure;
    }

    private static List<string> Includes(XElement root, string element, Func<string, string> name)
    {
        var includes = new List<string>();
        foreach (XElement reference in root.Descendants(element))
        {
            if ((string?)reference.Attribute("Include") is { } include)
            {
                includes.Add(name(include));
            }
        }

        return includes;
    }
}
