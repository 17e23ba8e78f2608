import ContainerEngine
import Foundation
import Model
import TestSupport
import Testing

@Suite("An engine that misbehaves")
struct AnswerTests {
    @Test("is asked through the API of 4.0 whatever later version it has, and named by its ping")
    func version() async throws {
        let stub = try StubEngine([
            StubEngine.ping, ("GET /v4.0.0/libpod/containers/json", StubEngine.json("200 OK", "[]")),
        ])
        defer { stub.close() }
        let engine = stub.engine()
        #expect(try await engine.version() == EngineVersion(product: .podman, version: "5.4.2"))
        #expect(try await engine.allContainers().isEmpty)
        #expect(try await engine.allContainers().isEmpty)
        #expect(stub.requests.filter { $0.hasPrefix("GET /_ping") }.count == 1)
        await engine.shutDown()
    }

    @Test(
        "gives an error with the place of the failure, not the answer itself",
        arguments: [
            (StubEngine.json("200 OK", #"[{"Id": 7, "Env": "canary"}]"#), EngineError.Reason.malformed),
            (StubEngine.json("200 OK", #"canary"#), .malformed),
            (StubEngine.json("500 Internal Server Error", #"{"message": "it broke"}"#), .refused(status: 500)),
            (StubEngine.json("502 Bad Gateway", "no json"), .refused(status: 502)),
            ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[CUT", .unreachable),
            ("this is no HTTP at all\r\n\r\nCUT", .unreachable),
            ("", .timedOut),
            ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[", .timedOut),
        ])
    func misbehaviour(answer: String, reason: EngineError.Reason) async throws {
        let stub = try StubEngine([StubEngine.ping, ("GET /v4.0.0/libpod/containers/json", answer)])
        defer { stub.close() }
        let engine = stub.engine { if reason == .timedOut { $0.callDeadline = .seconds(1) } }
        let error = await engineError { try await engine.allContainers() }
        #expect(error?.reason == reason, "\(error?.description ?? "")")
        #expect(error?.message.hasPrefix("cannot list containers: ") == true)
        #expect(error?.description.contains("canary") == false)
        await engine.shutDown()
    }

    @Test("may lose a container while it lists or shows it: that one is gone, and the list is asked for again")
    func goneMeanwhile() async throws {
        let gone = StubEngine.json(
            "500 Internal Server Error", #"{"message": "container 12ab does not exist in database: no such container"}"#
        )
        let stub = try StubEngine([
            StubEngine.ping, ("GET /v4.0.0/libpod/containers/12ab/json", gone),
            ("GET /v4.0.0/libpod/containers/json?all=true&filters", StubEngine.json("200 OK", "[]")),
            ("GET /v4.0.0/libpod/containers/json", gone),
        ])
        defer { stub.close() }
        let engine = stub.engine()
        #expect(try await engine.inspect("12ab") == nil)
        let error = await engineError { try await engine.allContainers() }
        #expect(error?.disposition == .transient)
        #expect(stub.requests.filter { $0.hasPrefix("GET /v4.0.0/libpod/containers/json?all=true ") }.count == 10)
        await engine.shutDown()
    }

    @Test("that takes no connection for a while has seen nothing of the request, and is asked again")
    func busy() async throws {
        let stub = try StubEngine([], isBusy: true)
        defer { stub.close() }
        let engine = stub.engine { $0.callDeadline = .seconds(1) }
        let began = ContinuousClock.now
        let error = await engineError { try await engine.allContainers() }
        #expect(ContinuousClock.now - began >= .milliseconds(500))
        #expect(error?.message == "cannot reach the engine: the engine is busy: it took no connection in time")
        #expect(error?.disposition == .transient && error?.hint.contains("it will be tried again") == true)
        await engine.shutDown()
    }

    @Test("may publish the last port, also as one of a row: a container of anybody must not end the program")
    func lastPort() async throws {
        let list = #"[{"Id": "a", "Ports": [{"host_port": 65535, "range": 1}, {"host_port": 65534, "range": 9}]}]"#
        let stub = try StubEngine([
            StubEngine.ping, ("GET /v4.0.0/libpod/containers/json", StubEngine.json("200 OK", list)),
        ])
        defer { stub.close() }
        let engine = stub.engine()
        #expect(try await engine.allContainers().first?.hostPorts == [65534, 65535])
        await engine.shutDown()
    }

    @Test("that is Docker, or a Podman that is too old, is refused with what to install")
    func others() async throws {
        let pings = [
            "HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nServer: Docker/26.0.0 (linux)\r\nContent-Length: 2\r\n\r\nOK",
            "HTTP/1.1 200 OK\r\nLibpod-API-Version: 3.0.1\r\nContent-Length: 2\r\n\r\nOK",
        ]
        for ping in pings {
            let stub = try StubEngine([("GET /_ping", ping)])
            defer { stub.close() }
            let engine = stub.engine()
            let error = await engineError { try await engine.allContainers() }
            #expect(error?.hint.lowercased().contains("podman") == true)
            #expect(error?.disposition == .permanent)
            await engine.shutDown()
        }
    }

    @Test("that panics over what a power cut left of an image loses that image, if unused, and pulls it once more")
    func panic() async throws {
        let panic = #"{"message": "runtime error: invalid memory address or nil pointer dereference"}"#
        let stub = try StubEngine([
            StubEngine.ping, ("POST /v4.0.0/libpod/images/pull", StubEngine.json("200 OK", #"{"id": "1"}"#)),
            ("GET /v4.0.0/libpod/images/1/json", StubEngine.json("500 Internal Server Error", panic)),
            ("DELETE /v4.0.0/libpod/images/", StubEngine.json("200 OK", "{}")),
        ])
        defer { stub.close() }
        let engine = stub.engine()
        let image = try #require(ImageReference("registry.example.com/acme/web:1"))
        let error = await engineError { try await engine.pull(image, credentials: nil) { _ in } }
        #expect(error?.disposition == .transient)
        let acts = stub.requests.filter { !$0.hasPrefix("GET") }
        #expect(acts.map { $0.prefix { $0 != "/" } } == ["POST ", "DELETE ", "POST "])
        // Not forced, which would remove containers too.
        #expect(acts[1].hasPrefix("DELETE /v4.0.0/libpod/images/registry.example.com%2Facme%2Fweb%3A1 HTTP/1.1"))
        await engine.shutDown()
    }

    @Test("whose pull breaks off, or reports its failure inside a success, has not pulled")
    func brokenPull() async throws {
        for (body, reason) in [
            (#"{"stream":"Copying"}"# + "\n", EngineError.Reason.malformed),
            (
                #"{"stream":"Copying"}"# + "\n" + #"{"error":"reading blob: unexpected EOF"}"# + "\n",
                .refused(status: nil)
            ),
            ("{\n", .malformed),
        ] {
            let stub = try StubEngine([
                StubEngine.ping, ("POST /v4.0.0/libpod/images/pull", StubEngine.json("200 OK", body)),
            ])
            defer { stub.close() }
            let engine = stub.engine()
            let image = try #require(ImageReference("registry.example.com/acme/web:1"))
            let error = await engineError { try await engine.pull(image, credentials: nil) { _ in } }
            #expect(error?.reason == reason)
            await engine.shutDown()
        }
    }

    @Test(
        "that removes nothing although it answers with success is not believed",
        arguments: [(#""device busy""#, "device busy"), ("{}", "the engine tells no reason")])
    func removal(entry: String, said: String) async throws {
        let body = #"[{"Id":"abc","Err":\#(entry)}]"#
        let stub = try StubEngine([
            StubEngine.ping, ("DELETE /v4.0.0/libpod/containers/abc", StubEngine.json("200 OK", body)),
            ("GET /v4.0.0/libpod/containers/abc/exists", "HTTP/1.1 204 No Content\r\n\r\n"),
        ])
        defer { stub.close() }
        let engine = stub.engine()
        let error = await engineError { try await engine.removeContainer("abc") }
        #expect(error?.message == "cannot remove container 'abc': \(said)")
        await engine.shutDown()
    }

    @Test(
        "that refuses to stop a container is right only while a process of it may live",
        arguments: [
            (#""Status": "removing", "Pid": 0"#, true), (#""Status": "stopping", "Pid": 0"#, true),
            (#""Status": "stopping", "Pid": 2147483647"#, true), (#""Status": "running", "Pid": 2147483647"#, true),
            (#""Status": "stopping", "Pid": \#(getpid())"#, false),
            (#""Status": "running", "Pid": \#(getpid())"#, false),
            (#""Status": "exited", "Pid": 0"#, false), (#""Status": "running", "Pid": 0"#, false),
        ])
    func refusedStop(state: String, isOver: Bool) async throws {
        let refusal = #"{"message": "container web is running or paused, refusing to clean up"}"#
        let inspected = #"{"Id": "abc", "Name": "web", "Image": "1", "State": {\#(state)}}"#
        let stub = try StubEngine([
            StubEngine.ping,
            ("POST /v4.0.0/libpod/containers/abc/stop", StubEngine.json("500 Internal Server Error", refusal)),
            ("GET /v4.0.0/libpod/containers/abc/json", StubEngine.json("200 OK", inspected)),
        ])
        defer { stub.close() }
        let engine = stub.engine()
        var refused: EngineError?
        do throws(EngineError) { try await engine.stop("abc", grace: .seconds(1)) } catch { refused = error }
        #expect((refused == nil) == isOver, "\(refused?.description ?? "")")
        await engine.shutDown()
    }

    @Test("a stop that meets a container only between its crashes says so, and nothing else is taken for that")
    func crashLoop() async throws {
        for (restarts, isCrashing) in [(7, true), (0, false)] {
            let state = #"{"Status": "running", "Pid": \#(getpid())}"#
            let inspected =
                #"{"Id": "abc", "Name": "web", "Image": "1", "RestartCount": \#(restarts), "State": \#(state)}"#
            let stub = try StubEngine([
                StubEngine.ping,
                ("POST /v4.0.0/libpod/containers/abc/stop", StubEngine.json("304 Not Modified", "")),
                ("GET /v4.0.0/libpod/containers/abc/json", StubEngine.json("200 OK", inspected)),
            ])
            defer { stub.close() }
            let engine = stub.engine()
            let error: EngineError?
            do throws(EngineError) {
                try await engine.stop("abc", grace: .seconds(1))
                error = nil
            } catch let failure {
                error = failure
            }
            #expect((error?.isCrashLoop ?? false) == isCrashing && (error == nil) != isCrashing)
            await engine.shutDown()
        }
    }

    @Test("ends a call at once when its caller is cancelled")
    func cancellation() async throws {
        let stub = try StubEngine([StubEngine.ping, ("GET /v4.0.0/libpod/containers/json", "")])
        defer { stub.close() }
        let engine = stub.engine()
        let start = ContinuousClock.now
        let error = await withTaskGroup(of: EngineError?.self) { group in
            group.addTask { await engineError { try await engine.allContainers() } }
            try? await Task.sleep(for: .milliseconds(100))
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.disposition == .interrupted)
        #expect(start.duration(to: .now) < .seconds(30))
        await engine.shutDown()
    }
}
