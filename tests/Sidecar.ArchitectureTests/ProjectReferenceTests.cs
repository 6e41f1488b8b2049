using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Sidecar.ArchitectureTests;

public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, ProjectFile> s_projects = ProjectGraph.Load();

    [Fact]
    public void ProjectFiles_FollowTheDirection()
    {
        var problems = new List<string>();
        foreach (ProjectFile project in s_projects.Values)
        {
            HashSet<string>? allowed = ProjectGraph.Allowed(project.Name);
            if (allowed is null)
            {
                problems.Add($"src/{project.Name}: unknown project; place it in ProjectGraph");
                continue;
            }

            foreach (string used in project.Projects)
            {
                if (!allowed.Contains(used))
                {
                    problems.Add($"src/{project.Name} references {used}");
                }
            }
        }

        Repository.AssertNone(problems, "references against the direction in DESIGN (see ProjectGraph):");
    }

    [Fact]
    public void WorkerProjects_DoNotReachProtobuf()
    {
        var problems = new List<string>();
        foreach (string name in Repository.WorkerProjects)
        {
            foreach (string used in ProjectGraph.Closure(s_projects, name))
            {
                if (used == "Sidecar.Api" || Uses(used, "Google.Protobuf"))
                {
                    problems.Add($"src/{name} reaches protobuf through {used}");
                }
            }
        }

        Repository.AssertNone(problems, "configuration messages end at Sidecar.Config; hand a model in instead:");
    }

    [Fact]
    public void SidecarExecutable_ReachesNoAspNetCore()
    {
        var problems = new List<string>();
        foreach (string name in ProjectGraph.Closure(s_projects, "Sidecar"))
        {
            ProjectFile project = s_projects[name];
            if (project.Sdk.EndsWith(".Web", StringComparison.Ordinal) || project.Frameworks.Count > 0)
            {
                problems.Add($"src/{name}: Sdk {project.Sdk}, frameworks {string.Join(' ', project.Frameworks)}");
            }

            foreach (string package in project.Packages)
            {
                if (package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || package.StartsWith("Grpc.", StringComparison.Ordinal))
                {
                    problems.Add($"src/{name}: package {package}");
                }
            }
        }

        Repository.AssertNone(problems, "the data plane ships neither ASP.NET Core nor another gRPC stack:");
    }

    [Fact]
    public void Assemblies_ReferenceOnlyWhatTheirProjectsMay()
    {
        var problems = new List<string>();
        foreach (string name in s_projects.Keys)
        {
            string path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
            if (File.Exists(path))
            {
                CheckAssembly(name, path, problems);
            }
        }

        Repository.AssertNone(problems, "assembly references against the direction in DESIGN:");
    }

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "Sidecar.sln")).Replace('\\', '/');
        var problems = new List<string>();
        foreach (string file in (List<string>)[.. Repository.Files("src", "*.csproj"), .. Repository.Files("tests", "*.csproj")])
        {
            if (!solution.Contains($"\"{Repository.Relative(file)}\"", StringComparison.Ordinal))
            {
                problems.Add(Repository.Relative(file));
            }
        }

        Repository.AssertNone(problems, "missing in Sidecar.sln (dotnet sln add):");
    }

    private static bool Uses(string project, string package)
    {
        foreach (string used in s_projects[project].Packages)
        {
            if (used == package)
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckAssembly(string name, string path, List<string> problems)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        HashSet<string>? allowed = ProjectGraph.Allowed(name);
        foreach (AssemblyReferenceHandle handle in metadata.AssemblyReferences)
        {
            string used = metadata.GetString(metadata.GetAssemblyReference(handle).Name);
            bool isOurs = used == "sidecar" || used.StartsWith("Sidecar.", StringComparison.Ordinal);
            bool isProtobuf = used == "Google.Protobuf" && ((List<string>)[.. Repository.WorkerProjects]).Contains(name);
            bool isWeb = used.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && name is not ("Sidecar.ControlPlane" or "Sidecar.Injector");
            if ((isOurs && allowed?.Contains(used) == false) || isProtobuf || isWeb)
            {
                problems.Add($"{name}.dll references {used}");
            }
        }
    }
}
