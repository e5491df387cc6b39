"""Finding Go, and saying clearly why not."""

from __future__ import annotations

import pytest

from golifelab.errors import CompileFailed, FeatureUnavailable, ToolchainNotFound
from golifelab.source import Source
from golifelab.toolchain.exports import export_files, importcfg_for, read_importcfg
from golifelab.toolchain.go import find_go, go_at
from golifelab.toolchain.install import install
from golifelab.toolchain.run import run


def fake(root, version: str):
    (root / "bin").mkdir(parents=True)
    (root / "VERSION").write_text(f"{version}\ntime 2020-01-01\n")
    (root / "bin" / "go").write_text("")
    return root


def test_the_toolchain_says_the_version_it_was_found_by(target):
    go = find_go(target.go)
    said = run([go.command, "version"], env=go.environment(target)).text
    assert f"go{go.version} " in said
    assert target.go in ("", go.version)
    assert go.tool("compile").exists()
    assert go.tool("link").exists()


def test_too_old_is_refused(tmp_path):
    with pytest.raises(ToolchainNotFound, match=r"go1\.20\.3.*too old.*1\.24"):
        go_at(fake(tmp_path, "go1.20.3"))


def test_what_is_no_go_is_refused(tmp_path):
    with pytest.raises(ToolchainNotFound, match="no Go installation"):
        go_at(tmp_path)
    with pytest.raises(ToolchainNotFound, match="there is no Go at"):
        find_go(explicit=tmp_path / "nothing")
    with pytest.raises(ToolchainNotFound, match="not a Go release"):
        go_at(fake(tmp_path / "devel", "devel something"))


def test_a_goroot_without_its_command_is_refused(tmp_path):
    root = fake(tmp_path, "go1.27.3")
    (root / "bin" / "go").unlink()
    with pytest.raises(ToolchainNotFound, match="no go command"):
        go_at(root)


def test_a_version_that_is_not_installed_names_the_remedy():
    with pytest.raises(ToolchainNotFound) as caught:
        find_go("1.24.999")
    assert "golifelab warm --go 1.24.999" in caught.value.remedy


def test_a_version_that_does_not_exist_can_not_be_installed():
    with pytest.raises(FeatureUnavailable, match="looks like"):
        install("latest; rm -rf")


def test_the_environment_variable_names_the_toolchain(tmp_path, monkeypatch):
    root = fake(tmp_path, "go1.27.9")
    monkeypatch.setenv("GOLIFELAB_GO", str(root))
    assert find_go().root == root
    monkeypatch.setenv("GOLIFELAB_GO", str(tmp_path / "nothing"))
    with pytest.raises(ToolchainNotFound):
        find_go()


def test_nothing_of_the_readers_go_settings_leaks_in(newest, monkeypatch):
    for name in ("GOFLAGS", "GOEXPERIMENT", "GODEBUG", "GOARM", "GOSSAFUNC"):
        monkeypatch.setenv(name, "surprise")
    environment = find_go().environment(newest)
    assert environment["GOFLAGS"] == ""
    assert not {"GOEXPERIMENT", "GODEBUG", "GOARM", "GOSSAFUNC"} & set(environment)


def test_std_has_export_data(target):
    files = export_files(target)
    assert {"fmt", "runtime", "encoding/json"} <= set(files)
    assert all(path.exists() for path in files.values())


def test_a_module_of_its_own_is_listed(newest, tmp_path):
    (tmp_path / "go.mod").write_text("module example.com/m\n\ngo 1.24\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "inner.go").write_text("package inner\n\nfunc F() int { return 1 }\n")
    main = 'package main\n\nimport "example.com/m/inner"\n\nfunc main() { println(inner.F()) }\n'
    (tmp_path / "main.go").write_text(main)
    source = Source.from_directory(tmp_path)
    assert "example.com/m/inner" in read_importcfg(importcfg_for(source, newest))


def test_an_import_that_nobody_has_is_a_diagnostic(newest):
    source = Source.from_text('package main\n\nimport "example.com/none"\n\nfunc main() {}\n')
    with pytest.raises(CompileFailed, match=r"example\.com/none"):
        importcfg_for(source, newest)
