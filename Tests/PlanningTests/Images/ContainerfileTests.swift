import Model
import Testing

@Suite("The images that a build starts from")
struct ContainerfileTests {
    @Test(
        "are those that it does not make itself, with the defaults of its arguments",
        arguments: [
            ("FROM scratch\nCOPY a /a", []),
            ("FROM debian:12\n", ["debian:12"]),
            (
                "# a comment\n\n  from   registry.example.com:5000/acme/a@sha256:00 AS One\n",
                [
                    "registry.example.com:5000/acme/a@sha256:00"
                ]
            ),
            ("FROM --platform=$BUILDPLATFORM a/b:1 AS one\nFROM one\nFROM ONE AS two\nFROM c", ["a/b:1", "c"]),
            (
                "FROM a AS one\nFROM b\nCOPY --from=one /x /x\nCOPY --chown=1:1 --from=0 /y /y\nCOPY --from=c /z /z",
                [
                    "a", "b", "c",
                ]
            ),
            ("FROM a\nCOPY --from=3 /x /x", ["a", "3"]),
            (
                "FROM a\nRUN --network=none --mount=type=bind,from=d:1,source=/x,target=/y --mount=type=cache,target=/z true",
                [
                    "a", "d:1",
                ]
            ),
            ("FROM a\nRUN echo --mount=from=b\nRUN echo FROM c\nENTRYPOINT [\"--from=d\"]", ["a"]),
            (
                "ARG R=12\nARG N=debian:$R A=\"x\"\nFROM ${N}-slim\nFROM $A:${TAG:-1}${R:+.0}",
                ["debian:12-slim", "x:1.0"]
            ),
            ("ARG R\nFROM a${R}b", ["ab"]),
            ("FROM \\\n # why\n\n  a:1 \\\n  AS one\nFROM one", ["a:1"]),
            ("# escape=`\nFROM `\na\nRUN c:\\\nFROM b", ["a", "b"]),
            ("FROM a\r\nCOPY --from=b:1 x y\r\n", ["a", "b:1"]),
            ("FROM a\nRUN <<EOF cat <<-'END'\nFROM users\nEOF\nFROM others\nEND\nCOPY --from=b x y", ["a", "b"]),
            ("FROM a\nRUN echo $((1<<n))\nFROM b", ["a", "b"]),
            ("FROM a AS r.io/evil\nFROM r.io/evil", ["a", "r.io/evil"]),
            ("FROM\\\n a:1\nFR\\\nOM b", ["a:1", "b"]), ("FROM \"a\"", ["a"]),
            ("FROM", []), ("", []), ("FROM a\\", ["a"]),
        ] as [(String, [String])])
    func bases(text: String, names: [String]) {
        #expect(Containerfile(text).bases.map(\.name) == names)
    }

    /// T1: none of these hides an image from the question whose signature it has.
    @Test(
        "are also those that only another builder would start from",
        arguments: [
            ("FROM a\nRUN true <<A\nFROM r.io/evil AS \\\nA\n", ["r.io/evil"]),
            ("FROM a\nRUN true <<A\nCOPY --from=r.io/evil /bin \\\\\nA\n", ["r.io/evil"]),
            ("FROM a\nRUN <<A\nFROM b AS c\nA\nFROM c", ["b"]),
            ("FROM a\nRUN echo \\\\\nFROM b", ["b"]), ("# x\n# escape=`\nFROM a\nRUN x `\nFROM b", ["b"]),
            ("FROM a\nONBUILD COPY --from=b x y", ["b"]), ("FROM a\nonbu\u{130}ld RUN --mount=from=b x", ["b"]),
            ("FROM a\nRUN python3 <<E\nfrom os import path\nimport b\nE\n", []),
            ("FROM a AS one\nFROM one\nCOPY --link --from=one \\\n --from=0 x y", []),
            ("ARG R=1\nFROM a:$R \\\n # why\n AS one\nRUN x \\\n  && y\nFROM one", []),
        ] as [(String, [String])])
    func otherBases(text: String, names: [String]) {
        let file = Containerfile(text)
        #expect(file.otherBases.map(\.name) == names)
        #expect(file.composed == [])
    }

    @Test(
        "are read as builders read them: letter by letter, and byte by byte",
        arguments: [
            "\u{FEFF}FROM b", "FROM\rb", "FROM\u{0B}b", "FROM \\\n#\u{301} x\nb", "# escape=`x\nFROM `\nb",
            "FROM scratch\nRUN x \\\u{0B}\nFROM b", "FROM scratch\nCOPY --fr\"om\"=b x y",
            "FROM scratch\nCOPY --chown=\"1 1\" --from=b x y", "FROM scratch\nCOPY --fr\\om=\\b x y",
            "FROM scratch\nCOPY --from b x y", "FROM scratch\nCOPY --chown=\u{E0}--from=b x y",
            "FROM scratch\nRUN --mount=type=bind,\\\"from=b\\\" x", "FROM scratch\nRUN --mount type=bind,from=b x",
        ])
    func spelling(text: String) {
        #expect(Containerfile(text).bases.map(\.name) == ["b"])
    }

    @Test("cannot be told where an argument, or a second look, may make a flag or an option of its own")
    func hidden() {
        for text in [
            "FROM a\nARG F=from=\nCOPY --${F}b x y", "FROM a\nARG X=y,from=b\nRUN --mount=type=bind,source=$X x",
            "FROM a\nRUN --mount=type=bind,source=${X:-a,from=b} x",
            "# escape=`\nFROM a\nONBUILD COP\\\nONBUILD Y --from=b x y",
        ] {
            #expect(Containerfile(text).composed.count == 1, "\(text)")
        }
        #expect(Containerfile("FROM a\nRUN --mount=type=cache,id=$ARCH,target=/x x").composed == [])
    }

    @Test("are not looked for without end")
    func bounded() {
        let values = "ARG A=xx\n" + String(repeating: "ARG A=$A$A\n", count: 100) + "FROM $A"
        #expect(Containerfile(values).bases.map(\.name.utf8.count) == [256])
        let many = (0..<300).map { "FROM a\($0)\n" }.joined()
        #expect(Containerfile(many).bases.count == 256)
        #expect(Containerfile(many).composed.count == 1)
        #expect(Containerfile([UInt8](repeating: 10, count: 1 << 21)).composed.count == 1)
    }

    @Test(
        "a word of marks without end is refused before it is compared, also with quotes between them (issue 11)",
        arguments: [
            ("FROM a", ""), ("FROM b\nCOPY --from=a", " x y"), ("FROM b\nCOPY --from=a", "/ x y"),
            ("ARG A=a", "\nFROM $A"), ("FROM b AS a", "\nFROM c"), ("FROM b\nRUN --mount=from=a", " true"),
            ("ONBUILD FROM a", ""),
        ])
    func crowds(before: String, after: String) {
        let marks: [[UInt8]] = [
            Array("\u{301}\u{323}".utf8), Array(#"\#u{301}\\#u{323}\"#.utf8), [0xCC, 0x5C, 0x81, 0xCC, 0x5C, 0xA3],
            Array("\"\u{301}\"".utf8),
        ]
        for mark in marks {
            let crowd = repeatElement(mark, count: 400 / mark.count).joined()
            let file = Containerfile(Array(before.utf8) + crowd + Array(after.utf8))
            let names = (file.bases + file.otherBases).map(\.written)
            #expect(names.allSatisfy { $0.scalarInCrowd == nil }, "\(before)")
        }
        let document = "FROM b\nRUN cat <<a" + String(repeating: "\u{301}\u{323}", count: 1000)
        #expect(Containerfile(document).composed == ["more than 30 marks on one letter"])
        #expect(Containerfile("FROM a\nRUN echo é\u{301}").composed == [])
    }

    @Test("that arguments seem to make none of are told apart, and one without a value is told as it is written")
    func composed() {
        let file = Containerfile(
            "ARG A=evil/image\nFROM scratch AS one\nARG A=scratch\nFROM $A\nFROM ${B}\nFROM ${C:-one}")
        #expect(file.bases.map(\.name) == ["evil/image", "${B}"])
        #expect(file.composed == ["${C:-one}"])
    }

    @Test("are also known by how they are written, and told once")
    func written() {
        let file = Containerfile("ARG R=12\nFROM debian:${R}\nFROM debian:${R}\nFROM debian:12")
        #expect(
            file.bases == [
                Containerfile.Base(written: "debian:${R}", name: "debian:12"),
                Containerfile.Base(written: "debian:12", name: "debian:12"),
            ])
    }
}
