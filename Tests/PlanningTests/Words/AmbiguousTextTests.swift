import Testing

@testable import Model
@testable import Planning

@Suite("A text that equals another one is found: Swift goes by characters, git and the kernel by bytes (issue 11)")
struct AmbiguousTextTests {
    @Test(
        "what is not composed, or stands on a sign, is named; what people write is not",
        arguments: [
            ("plain/path-1.conf", nil), ("Müller/Straße", nil), ("日本語 한국어", nil), ("👩‍👩‍👧 🇩🇪 x̄", nil), ("a\r\nb", nil),
            ("\u{212A}unden", "U+212A"), ("e\u{301}", "U+0301"), ("\u{1100}\u{1161}", "U+1100"), ("\u{37E}", "U+037E"),
            ("files/\u{338}evil", "U+0338"), ("\u{338}evil", "U+0338"), ("a:\u{200D}b", "U+200D"),
            ("\u{600}/etc", "U+0600"), ("files\u{600}", "U+0600"),
        ])
    func scalars(text: String, found: String?) {
        #expect(text.ambiguousScalar?.codePoint == found)
    }

    @Test("a plan with one is refused at its line, as a value, as a name, and behind an escape")
    func plans() throws {
        let tree = MemoryTree(
            web: #"""
                "volumes": [{"path": "/mnt/\#u{212A}", "target": "/srv"}],
                "labels": {"\u0338evil": "x"}
                """#)
        let problems = try tree.problems(policy: nil)
        let reason = " for another text; " + Unicode.Scalar.ambiguityHint
        let wanted = [
            ("plan.json:3:", "/containers/web/volumes/0/path: '/mnt/<U+212A>' can be taken"),
            ("plan.json:4:", "/containers/web/labels/\u{338}evil: '<U+0338>evil' can be taken"),
        ]
        #expect(problems.count == 2, "\(problems)")
        for (problem, (place, words)) in zip(problems, wanted) {
            #expect(problem.hasPrefix(place) && problem.hasSuffix(words + reason), "\(problem)")
        }
    }

    @Test("two texts of which references make one that equals another are refused together")
    func references() throws {
        let problems = try MemoryTree(
            web: #""labels": {"a": "${variable:first}${variable:second}"}"#,
            more: #""variables": {"first": "\u1100", "second": "\u1161"}"#
        ).problems()
        #expect(problems.count == 1, "\(problems)")
        #expect(
            problems.first?.contains("/containers/web/labels/a: '<U+1100>\u{1161}' can be taken for another text, once")
                == true)
    }

    @Test("marks without end are refused before anything puts them in order, which would take hours")
    func crowd() {
        let marks = "a" + String(repeating: "\u{301}\u{323}", count: 1_000_000)
        #expect(marks.ambiguousScalar?.codePoint == "U+0301")
        #expect(marks.showing("\u{301}").utf8.count < 200)
        #expect(("e" + String(repeating: "\u{323}", count: 30)).ambiguousScalar?.codePoint == "U+0323")
    }

    @Test("the owner's own configuration may have any text")
    func configuration() throws {
        let bytes = Array(#"{"a": "e\u0301"}"#.utf8)
        #expect(try JSONDocument(file: "config.json", bytes: bytes, takesAnyText: true).value["a"]?.string == "é")
        #expect(throws: PlanProblems.self) { try JSONDocument(file: "plan.json", bytes: bytes) }
    }

    @Test("a path lies below a directory whatever its next part begins with")
    func paths() {
        let accented = "/srv/shared/\u{338}link"
        #expect(accented.isBelow("/srv/shared") && accented.isAt("/srv/shared") && !accented.isBelow("/srv/share"))
        #expect(VSNPolicy.covers("/srv/shared/", accented) && !VSNPolicy.covers("/srv/\u{212A}", "/srv/K/x"))
        #expect(MountTarget.problem(with: "/proc/\u{338}x") != nil)
        #expect(RepositoryPath("files/\u{338}x")?.isBelow("files") == true)
    }

    @Test("a rule on paths sees each file, and one on the plan each value, by bytes")
    func changes() throws {
        #expect(PathPattern("files/web/**").covers("files/web/\u{338}evil.conf"))
        let plain = SourceEntry(path: "docs/K", kind: .file, size: 1, object: "1")
        let kelvin = SourceEntry(path: "docs/\u{212A}", kind: .file, size: 1, object: "2")
        #expect(ChangeSet.paths(from: [plain], to: [plain, kelvin]).count == 1)
        let image = ImageSource.reference(try #require(ImageReference("registry.example.com/web:1")))
        func plan(_ path: String) -> ComparablePlan {
            var web = ContainerPlan(image: image)
            web.volumes = [VolumePlan(source: .path(path), target: "/srv")]
            let resolved = ResolvedPlan(stack: "acme", version: "1", host: "h", containers: ["web": web])
            return ComparablePlan(resolved: resolved, written: .null)
        }
        #expect(!ChangeSet.pointers(from: plan("/mnt/K"), to: plan("/mnt/\u{212A}")).isEmpty)
        #expect(JSONPointer.parts(of: JSONPointer.child("\u{338}~/x", of: "/a")) == ["a", "\u{338}~/x"])
    }
}
