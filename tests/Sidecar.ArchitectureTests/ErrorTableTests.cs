using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Text;
using Sidecar.Core.Errors;

namespace Sidecar.ArchitectureTests;

/// <summary>docs/errors.md is printed from the error details that the modules declare.</summary>
public sealed class ErrorTableTests
{
    /// <summary>Set to 1 to write the file instead of comparing it.</summary>
    private const string WriteVariable = "SIDECAR_WRITE_DOCS";

    private static readonly string s_path = Path.Combine(Repository.Root, "docs/errors.md");

    [Fact]
    public void ErrorsDocument_IsWhatTheTableSays()
    {
        string expected = Print(Declared());
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(s_path, expected);
        }

        string actual = File.Exists(s_path) ? File.ReadAllText(s_path) : string.Empty;
        Assert.True(expected == actual, $"docs/errors.md is out of date; run the architecture tests with {WriteVariable}=1");
    }

    [Fact]
    public void Details_HoldNoSpaces()
    {
        var problems = new List<string>();
        foreach (ErrorDetail detail in Declared().Values)
        {
            if (detail.Details.Contains(' ', StringComparison.Ordinal) || detail.Details.Length == 0)
            {
                problems.Add($"'{detail.Details}'");
            }
        }

        Repository.AssertNone(problems, "response code details are one word in the access log:");
    }

    /// <summary>Static fields and properties of the worker assemblies that hold an error detail.</summary>
    private static SortedDictionary<string, ErrorDetail> Declared()
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var details = new SortedDictionary<string, ErrorDetail>(StringComparer.Ordinal);
        foreach (string project in Repository.WorkerProjects)
        {
            foreach (Type type in Assembly.Load(project).GetTypes())
            {
                if (type.ContainsGenericParameters)
                {
                    continue;
                }

                foreach (FieldInfo field in type.GetFields(Statics))
                {
                    if (field.FieldType == typeof(ErrorDetail) && field.GetValue(null) is ErrorDetail detail)
                    {
                        details.TryAdd($"{project.Replace("Sidecar.", string.Empty, StringComparison.Ordinal)} {detail.Details}", detail);
                    }
                }
            }
        }

        return details;
    }

    private static string Print(SortedDictionary<string, ErrorDetail> details)
    {
        var text = new StringBuilder(
            """
            # Errors

            Printed from the details that the modules declare (`ErrorDetail`); do not edit. *Details* is `%RESPONSE_CODE_DETAILS%`, *flag*
            `%RESPONSE_FLAGS%`.

            | module | details | reach | blame | status | flag | HTTP/2 code | retry | body |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach ((string key, ErrorDetail detail) in details)
        {
            string status = detail.HttpStatus == 0 ? string.Empty : detail.HttpStatus.ToString(System.Globalization.CultureInfo.InvariantCulture);
            text.Append($"| {key[..key.IndexOf(' ')]} | `{detail.Details}` | {detail.Scope} | {detail.Blame} | {status} | ")
                .Append($"{(detail.Flag == ResponseFlags.None ? string.Empty : detail.Flag)} | {detail.Http2Code} | {detail.Retry} | {detail.Body} |\n");
        }

        return text.ToString();
    }
}
