import Planning
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
            ("FROM\\\n a:1\nFR\\\nOM b", ["a:1", "b"]), ("FROM \"a\"", ["a"]),
            ("FROM", []), ("", []), ("FROM a\\", ["a"]),
        ] as [(String, [String])])
    func bases(text: String, names: [String]) {
        #expect(Containerfile(text).bases.map(\.name) == names)
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
